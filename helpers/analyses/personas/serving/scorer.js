// Reference scorer: which segment does this visit look like so far? Plain JavaScript, no library.
// Does the same as scorer.py, step by step and in the same order. `table` is the JSON that the
// workbook exports. In a page: score(table, pathsSeenSoFar, {device: "mobile", browser_language: "nl"}).
"use strict";

const LONGEST_WORD = 30, MOST_WORDS = 40;

function plain(run) {
  try {
    return decodeURIComponent(run);
  } catch (error) {
    return " ";
  }
}

// The words of a page's path: [word, true for the page itself, false for its folders].
function pageWords(path) {
  path = path.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, "").split(/[?#]/)[0];
  path = path.replace(/\/+$/, "").replace(/(?:%[0-9A-Fa-f]{2})+/g, plain).toLowerCase();
  path = path.replace(/\.(?:html?|php|aspx?|jsp)$/, "");
  const parts = path.split("/").filter((part) => part);
  const words = [];
  parts.forEach((part, at) => {
    for (const word of part.match(/[\p{L}\p{N}]+/gu) || []) {
      const size = Array.from(word).length;
      if (size >= 2 && size <= LONGEST_WORD && /\p{L}/u.test(word)) words.push([word, at === parts.length - 1]);
    }
  });
  return words.slice(0, MOST_WORDS);
}

function score(table, pages, context) {
  const ignored = new Set(table.ignore);
  const weight = new Map();
  for (const page of pages) {
    for (const [word, isPage] of pageWords(page)) {
      if (Object.hasOwn(table.words, word) && !ignored.has(word)) {
        weight.set(word, (weight.get(word) || 0) + (isPage ? table.page_weight : table.path_weight));
      }
    }
  }
  const scores = table.segments.map(() => 0);
  for (const [word, seen] of weight) {
    const root = Math.sqrt(seen);
    table.words[word].forEach((part, at) => { scores[at] += root * part; });
  }
  for (const name of table.context_names) {
    const value = Object.hasOwn(context, name) ? context[name] : "";
    const key = name + "=" + String(value).toLowerCase();
    const parts = Object.hasOwn(table.context, key) ? table.context[key] : [];
    parts.forEach((part, at) => { scores[at] += part; });
  }
  return decide(table, scores, weight.size > 0);
}

function decide(table, scores, known) {
  let best = 0, first = -1, second = -1;
  scores.forEach((one, at) => {
    if (one > first) {
      [best, first, second] = [at, one, first];
    } else if (one > second) {
      second = one;
    }
  });
  const margin = first > 0 && second >= 0 ? (first - second) / first : Number(first > 0);
  if (!known || margin < table.margin) {
    return { segment: null, content: table.standard, margin: margin, scores: scores };
  }
  const chosen = table.segments[best];
  return { segment: chosen.id, content: chosen.content, margin: margin, scores: scores };
}

if (typeof module !== "undefined") module.exports = { pageWords, score };
