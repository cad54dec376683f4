// Makes a finished page handier; without it everything can be read, and it prints whole.
(() => {
  "use strict";
  const words = document.getElementById("report").dataset;

  // Tables: sort by a column.
  const key = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.sort ?? cell.textContent.trim();
    return raw === "" || raw === "–" ? null : cell.dataset.sort === undefined ? raw : Number(raw);
  };
  const compare = (one, other) =>
    typeof one === "number" ? one - other : String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
  // A row and the note below it move together.
  const records = (body) => [...body.rows].filter((row) => !row.classList.contains("aim-note"));
  const note = (row) => (row.nextElementSibling?.classList.contains("aim-note") ? [row.nextElementSibling] : []);
  const sort = (table, column, down) => {
    const bodies = [...table.tBodies];
    const sizes = bodies.map((body) => records(body).length);
    const rows = bodies.flatMap(records);
    const notes = new Map(rows.map((row) => [row, note(row)]));
    rows.sort((one, other) => {
      const [left, right] = [key(one, column), key(other, column)];
      if (left === null || right === null) return (left === null) - (right === null); // unknown stays last
      return down ? compare(right, left) : compare(left, right);
    });
    bodies.forEach((body, at) => body.append(...rows.splice(0, sizes[at]).flatMap((row) => [row, ...notes.get(row)])));
  };
  for (const table of document.querySelectorAll(".aim-table table")) {
    if ([...table.tBodies].reduce((count, body) => count + records(body).length, 0) < 3) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = head.classList.contains("aim-number") ? "descending" : "ascending";
        const turned = first === "descending" ? "ascending" : "descending";
        const order = head.getAttribute("aria-sort") === first ? turned : first;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order);
        sort(table, column, order === "descending");
      });
    });
  }

  // Long tables: the first rows, then all.
  for (const more of document.querySelectorAll(".aim-more")) {
    const table = more.parentElement;
    const count = [...table.tBodies].reduce((sum, body) => sum + records(body).length, 0);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    const fold = (folded) => {
      more.classList.toggle("folded", folded);
      button.textContent = folded ? words.all.replace("{n}", count) : words.fewer;
      button.setAttribute("aria-expanded", String(!folded));
    };
    button.addEventListener("click", () => fold(!more.classList.contains("folded")));
    table.parentElement.after(button);
    fold(true);
  }

  // What is wider than the screen can be scrolled with the keyboard.
  const reach = () => {
    for (const frame of document.querySelectorAll(".aim-scroll, .aim-frame")) {
      if (frame.scrollWidth <= frame.clientWidth || frame.hasAttribute("tabindex")) continue;
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", frame.querySelector("caption, img[alt]")?.textContent || words.scroll);
    }
  };
  reach();
  addEventListener("resize", reach);

  // On a phone a picture is as wide as the screen; a tap shows it in full size, to be moved sideways.
  const small = matchMedia("(max-width: 640px)");
  for (const frame of document.querySelectorAll(".aim-frame")) {
    frame.addEventListener("click", () => {
      frame.classList.toggle("large", small.matches && !frame.classList.contains("large"));
      reach();
    });
  }

  // Contents: open beside the page, folded above it; the part being read is marked.
  const contents = document.querySelector(".contents");
  const beside = matchMedia("(min-width: 1100px)");
  const place = () => (contents.open = beside.matches);
  place();
  beside.addEventListener("change", place);
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const parts = [...document.querySelectorAll("article[id]")];
  const mark = () => {
    const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const read = bottom ? parts.at(-1) : parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 3).at(-1);
    links.forEach((link, id) => (id === (read ?? parts[0]).id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  if (parts.length) {
    mark();
    addEventListener("scroll", mark, { passive: true });
  }
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && !beside.matches) contents.open = false;
  });

  // Paper shows everything.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.aim-fold:not([open])")];
    opened.forEach((part) => (part.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((part) => (part.open = false)));
})();
