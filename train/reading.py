"""The whole of `train predict`: read, keep in parts, write in the format asked for."""

import hashlib
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.articles import Article, Reject, expand, read_articles
from data.folder import file_sha256
from data.problems import UserError
from models.config import WEIGHTS
from models.loading import SentenceReader, load_predictor
from models.repeats import ReadOnce
from train.fastest import ENOUGH, FastestReader
from train.left_out import doubts, rejects
from train.output import all_columns, write_records, write_whole
from train.page import MOST_ARTICLES, article_page
from train.predict import COLUMNS, answers_of, predict_articles
from train.progress_bar import counted, said
from train.spool import Part, Spool
from train.summary import summary_rows
from train.tables import plain_table, prediction_table
from train.taking_apart import take_apart_ahead, text_processes


@dataclass(frozen=True)
class ReadingJob:
    """What `train predict` is told, the model's folder found."""

    inputs: list[str]
    model: Path
    actors: Path
    form: str
    output: Path | None = None
    doubts: Path | None = None
    rejects: Path | None = None
    text_column: str = "text"
    id_column: str = "id"
    abstain_below: float = 0.0
    precision: str = "auto"
    summary: bool = False
    resume: bool = False

    @property
    def spool(self) -> Path | None:
        """Where results wait until all are there: beside the output."""
        return self.output.with_name(self.output.name + ".partial") if self.output else None

    @property
    def rejects_file(self) -> Path | None:
        """Where rejected records go: as asked, else beside the output."""
        if self.rejects or not self.output:
            return self.rejects
        return self.output.with_name(f"{self.output.stem}.rejects.jsonl")


def read(job: ReadingJob) -> None:
    """Read the articles and write the results.

    Raises:
        UserError: Nothing that was given holds an article, or an unfinished reading stands in the way.
    """
    predictor = _reader(job)
    with ExitStack() as stack:
        doubted = stack.enter_context(doubts(job.doubts))
        refused = stack.enter_context(rejects(job.rejects_file))
        if job.output is None and job.form in ("jsonl", "table") and not job.summary:
            records = _streamed(job, predictor, {"doubt": doubted.note, "reject": refused.note})
            write_records(records, form=job.form, output=None, columns={}, table=prediction_table)
            return
        folder = job.spool or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "spool"
        spool = Spool.open(folder, _facts(job), resume=job.resume)
        for answer in answers_of(spool.entries("record")):
            predictor.remember(*answer)
        for part in _parts(job, predictor, skip=spool.articles, skip_rejects=spool.rejects):
            spool.write(part)
        for kind, note in (("doubt", doubted.note), ("reject", refused.note)):
            for entry in spool.entries(kind):
                note(entry)
        if not spool.articles:
            raise _nothing(next(spool.entries("reject"), None))
        _write(job, spool)
        spool.remove()


def _reader(job: ReadingJob) -> ReadOnce:
    if job.precision != "auto":
        return ReadOnce(load_predictor(job.model, precision=job.precision))
    goes_on = job.resume and job.spool is not None and Spool.begun(job.spool)  # in what it was begun in
    return ReadOnce(FastestReader(job.model, enough=1 if goes_on else ENOUGH, say=said))


def _write(job: ReadingJob, spool: Spool) -> None:
    if job.form == "html":
        write_whole(article_page(spool), job.output)
        return
    if job.summary:
        rows = summary_rows(spool.entries("record"))
        write_records(rows, form=job.form, output=job.output, columns=all_columns((), rows), table=plain_table)
        return
    columns = all_columns(COLUMNS, spool.entries("record"))
    records = spool.entries("record")
    write_records(records, form=job.form, output=job.output, columns=columns, table=prediction_table)


def _streamed(
    job: ReadingJob, predictor: SentenceReader, notes: dict[str, Callable[[dict[str, Any]], None]]
) -> Iterator[dict[str, Any]]:
    """Yield records as they come, for standard output."""
    articles, first = 0, None
    for part in _parts(job, predictor):
        articles += part.articles
        for kind, entry in part.entries:
            if kind == "record":
                yield entry
            else:
                first = first or (entry if kind == "reject" else None)
                notes[kind](entry)
    if not articles:
        raise _nothing(first)


def _parts(job: ReadingJob, predictor: SentenceReader, *, skip: int = 0, skip_rejects: int = 0) -> Iterator[Part]:
    rejected: list[Reject] = []
    numbers = itertools.count()

    def reject(record: Reject) -> None:
        if next(numbers) >= skip_rejects:
            rejected.append(record)

    articles = read_articles(job.inputs, text_column=job.text_column, id_column=job.id_column, reject=reject)
    for _ in itertools.islice(articles, skip):
        pass
    shown: Iterable[Article] = counted(articles, "articles")
    if job.form == "html":
        shown = _few(shown)
    taken = take_apart_ahead(shown, job.actors, processes=text_processes())
    return predict_articles(taken, predictor, rejected, texts=job.form == "html", abstain_below=job.abstain_below)


def _few(articles: Iterable[Article]) -> Iterator[Article]:
    for number, article in enumerate(articles):
        if number == MOST_ARTICLES:
            raise UserError(
                f"--format html: expected at most {MOST_ARTICLES} articles, found more. Name fewer, or use --summary "
                "or another format."
            )
        yield article


def _facts(job: ReadingJob) -> dict[str, Any]:
    files = [name for name in expand(job.inputs) if name != "-"]
    sizes = "".join(f"{name}\n{Path(name).stat().st_size}\n" for name in files)
    return {
        "inputs": hashlib.sha256(sizes.encode()).hexdigest(),
        "columns": [job.text_column, job.id_column],
        "abstain-below": job.abstain_below,
        "model": file_sha256(job.model / WEIGHTS),
        "precision": job.precision,
        "actor list": file_sha256(job.actors),
        "format": "html" if job.form == "html" else "records",
    }


def _nothing(reject: dict[str, Any] | None) -> UserError:
    if reject is None:
        return UserError("expected articles, found none. Check the inputs.")
    return UserError(f"{reject['place']}: {reject['why']}. No record holds an article.")
