"""The work folder of a run, beside its output: settings and checkpoints, until the model is whole."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.problems import UserError
from data.writing import refuse_non_empty, write_text

STATE = "run.json"
TRAINER_STATE = "trainer_state.json"  # the last file that the Trainer writes into a checkpoint


@dataclass(frozen=True)
class Workspace:
    """Where a run works. It is deleted once the model folder is written."""

    path: Path

    @classmethod
    def beside(cls, output: Path) -> "Workspace":
        """Return the work folder of an output folder."""
        return cls(output.with_name(output.name + ".partial"))

    @property
    def checkpoints(self) -> Path:
        """Where the Trainer keeps its checkpoints."""
        return self.path / "checkpoints"

    def begin(self, command: str, settings: Mapping[str, Any], **facts: Any) -> None:
        """Make the folder and note what a resumed run of `train COMMAND` must know.

        Raises:
            UserError: Another run works there.
        """
        if self.path.exists():
            raise UserError(
                f"{self.path}: expected no unfinished run there, found one. Go on with `train {command} "
                f"--resume {self.path}`, delete it, or choose another --output."
            )
        self.checkpoints.mkdir(parents=True)
        self.note(command, settings, **facts)

    def note(self, command: str, settings: Mapping[str, Any], **facts: Any) -> None:
        """Write down the settings and facts of the run, whole or not at all."""
        notes = {"command": command, "settings": dict(settings), **facts}
        write_text(self.path / STATE, json.dumps(notes, indent=2))

    def read(self, command: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the settings and facts of an unfinished run of `train COMMAND`.

        Raises:
            UserError: There is none here, it is another command's, or its notes are broken.
        """
        try:
            facts = json.loads((self.path / STATE).read_text(encoding="utf-8"))
            begun_by = facts.pop("command")
            if begun_by != command:
                raise UserError(
                    f"--resume: expected an unfinished run of `train {command}`, found one of `train {begun_by}` in "
                    f"{self.path}. Go on with it there."
                )
            return facts.pop("settings"), facts
        except FileNotFoundError as error:
            raise UserError(f"--resume: expected an unfinished run in {self.path}, found none.") from error
        except (ValueError, KeyError) as error:
            raise UserError(
                f"{self.path / STATE}: expected the notes of a run, found them broken ({error})."
            ) from error

    def last_checkpoint(self) -> Path | None:
        """Return the newest whole checkpoint and delete those that a kill left half-written."""
        whole = []
        for checkpoint in self.checkpoints.glob("checkpoint-*"):
            if (checkpoint / TRAINER_STATE).exists():
                whole.append(checkpoint)
            else:
                shutil.rmtree(checkpoint)
        return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)

    def new_model_folder(self) -> Path:
        """Return where to write the model; what a kill left there is gone."""
        path = self.path / "model"
        shutil.rmtree(path, ignore_errors=True)
        return path

    def end(self, model: Path, output: Path) -> None:
        """Put the model where it belongs and delete the rest: only now is the run over.

        Raises:
            UserError: Somebody has written to the output meanwhile; the model stays here.
        """
        refuse_non_empty(output)
        if output.exists():
            output.rmdir()
        model.rename(output)
        shutil.rmtree(self.path)
