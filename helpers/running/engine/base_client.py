"""What both kinds of client have in common: a cell in which the kernel dies is no completed cell."""

from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Bool, Instance, Int

from helpers.core.records import Limits


class BaseClient(PapermillNotebookClient):
    """papermill's client; of itself, it marks the cell in which a kernel dies, and every cell after it, as completed."""

    limits = Instance(Limits, args=())
    seed = Int(0)
    own_folder = Bool(False)

    def papermill_execute_cells(self) -> None:
        """Run cell after cell until one fails."""
        for index, cell in enumerate(self.nb.cells):
            try:
                self.nb_man.cell_start(cell, index)
                self.execute_cell(cell, index)
            except BaseException as error:
                self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
                # A cell that fails ends the notebook in order; whatever else went wrong is for the caller.
                if not isinstance(error, CellExecutionError):
                    raise
                break
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
