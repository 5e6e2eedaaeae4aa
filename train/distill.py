"""Make a small encoder from a large one and unlabelled text."""

import dataclasses
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast, PrinterCallback, TrainingArguments, set_seed
from transformers.utils import logging as transformers_logging

from data.problems import UserError
from data.soft_labels import SoftSentence, read_soft_sentences
from data.splitting import split_sentences
from data.unlabelled import TextFile, count_text
from data.writing import refuse_non_empty, whole_folder
from models.batches import by_token_budget
from models.classifier import StanceClassifier
from models.encoder import LoadedEncoder, load_encoder
from models.student import evenly_spaced, make_student
from models.vocabulary import PieceCounter, cut_tokenizer
from train.beginning import begin_run, noted_facts
from train.distill_card import student_card
from train.distill_data import DistillStream, PairMaker, collate, unlabelled
from train.distill_progress import DistillProgress
from train.distill_settings import DistillSettings
from train.distill_trainer import DistillTrainer
from train.ending import ending
from train.precision import fast_precision
from train.progress_bar import counted
from train.store import open_store
from train.tracker import Tracker
from train.tracking import MlflowTracker
from train.trainer import make_optimizer
from train.workspace import Workspace

HEAD_RATE = 1e-3
WARMUP = 0.05
HELD_OUT_LINES = 1000  # one line in so many is held out
HELD_OUT_SENTENCES = 300  # most of the text, and of the labelled ones, that are measured
LABELLED_HELD_OUT = 50  # one labelled sentence in so many is held out
LOSS_EVERY_STEPS = 20


@dataclass(frozen=True)
class Student:
    """What a distillation leaves: the encoder's folder, the run that tracked it, and how near it came."""

    folder: Path
    run_id: str
    figures: dict[str, float]


@dataclass(frozen=True)
class _Material:
    """Everything that is read before the first step."""

    files: list[TextFile]
    text_tokens: int
    held_out: list[str]
    labelled: list[SoftSentence]
    tokenizer: Tokenizer
    kept: list[int]


def distill(settings: DistillSettings, *, workspace: Workspace | None = None) -> Student:
    """Distil a student as the settings say; with a workspace, go on with the run that works there.

    The student starts from evenly spaced layers of the teacher and the word embeddings of the most
    frequent pieces, which stay as they are; it has no dropout while it learns, so that a run that
    was killed and resumed gives the same weights.

    Raises:
        UserError: Text, teacher or output are not as they must be; nothing is left half done.
    """
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if not workspace:
        refuse_non_empty(settings.output)
    facts = noted_facts("distill", workspace)
    teacher = load_encoder(settings.teacher, facts.get("teacher_revision", "main"))
    evenly_spaced(int(teacher.model.config.num_hidden_layers), settings.layers)  # before the long reading
    if settings.precision == "auto":
        settings = dataclasses.replace(settings, precision=fast_precision())
    material = _read_material(settings, teacher)
    sha256 = {str(file.path): file.sha256 for file in material.files}
    if facts and facts["sha256"] != sha256:
        raise UserError("--text: the text has changed since the run began. Restore it, or start a new run.")
    if not workspace:
        open_store()  # what is wrong with it is said before anything is written
        workspace = Workspace.beside(settings.output)
        workspace.begin("distill", settings.flat())
    tracker = _start_tracking(settings, teacher, sha256, workspace)
    with ending(tracker):
        return _distill(settings, teacher, material, workspace, tracker)


def _start_tracking(
    settings: DistillSettings,
    teacher: LoadedEncoder,
    sha256: dict[str, str],
    workspace: Workspace,
) -> MlflowTracker:
    return begin_run(
        "distill",
        settings.flat(),
        experiment=settings.experiment,
        name=settings.run_name or settings.output.name,
        workspace=workspace,
        tags={
            "teacher": teacher.name,
            "teacher_revision": teacher.revision,
            **{f"text_sha256_{Path(path).name}": digest for path, digest in sha256.items()},
        },
        facts={"teacher_revision": teacher.revision, "sha256": sha256},
    )


def _read_material(settings: DistillSettings, teacher: LoadedEncoder) -> _Material:
    """Read the text through once: what pieces it needs, how long it is, what is held out."""
    labelled = [sentence for path in settings.labelled for sentence in read_soft_sentences(path)]
    tokenizer = teacher.plain_tokenizer()
    counter = PieceCounter(tokenizer)
    files: list[TextFile] = []
    held_out: list[str] = []

    def see(lines: list[str]) -> None:
        counter.add(lines)
        held_out.extend(line for line in lines if is_held_out(line))

    for path in counted(settings.text, "files of text read"):
        files.append(count_text(path, see))
    text_tokens = int(counter.counts.sum())
    if labelled:
        counter.add([sentence.sentence.text for sentence in labelled])
    cut, kept = cut_tokenizer(tokenizer, counter.counts, settings.vocab)
    return _Material(files, text_tokens, held_out, labelled, cut, kept)


def is_held_out(line: str) -> bool:
    """Say whether a line of the text is measured, not learnt from."""
    return zlib.crc32(line.encode()) % HELD_OUT_LINES == 0


def _distill(
    settings: DistillSettings, teacher: LoadedEncoder, material: _Material, workspace: Workspace, tracker: Tracker
) -> Student:
    set_seed(settings.seed)
    student = make_student(teacher.model, layers=settings.layers, kept=material.kept)
    model = StanceClassifier(_without_dropout(student), target="span", dropout=0.0)
    model.encoder.get_input_embeddings().requires_grad_(False)
    maker = PairMaker(material.tokenizer, teacher.tokenizer.backend_tokenizer, max_tokens=settings.max_tokens)
    pads = (int(student.config.pad_token_id or 0), int(teacher.tokenizer.pad_token_id or 0))
    wanted = settings.tokens or material.text_tokens
    stream = DistillStream(
        maker,
        material.files,
        [sentence for place, sentence in enumerate(material.labelled) if place % LABELLED_HELD_OUT],
        skip=is_held_out,
        share_of_text=min(1.0, wanted / material.text_tokens),
        share_of_labelled=settings.labelled_share,
        tokens_per_step=settings.tokens_per_step,
        pads=pads,
        seed=settings.seed,
    )
    optimizer = make_optimizer(model, encoder_rate=settings.learning_rate, head_rate=HEAD_RATE, weight_decay=0.01)
    trainer = DistillTrainer(
        model=model,
        teacher=teacher.model,
        layers=evenly_spaced(int(teacher.model.config.num_hidden_layers), settings.layers),
        args=_arguments(settings, workspace, steps=max(1, wanted // settings.tokens_per_step)),
        stream=stream,
        optimizer=optimizer,
        held_out=_held_out(material, maker, pads, settings.tokens_per_step),
        callbacks=[DistillProgress(tracker, tokens_per_step=settings.tokens_per_step)],
    )
    trainer.remove_callback(PrinterCallback)
    checkpoint = workspace.last_checkpoint()
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    figures = {name.removeprefix("eval_"): value for name, value in trainer.last_figures().items()}
    made = workspace.new_model_folder()
    card = student_card(settings, figures, revision=teacher.revision, files=material.files, run_id=tracker.run_id)
    _save(made, trainer.model.encoder, material.tokenizer, teacher.tokenizer, card)
    tracker.tags({"model_folder": str(settings.output.absolute())})
    workspace.end(made, settings.output)
    return Student(settings.output, tracker.run_id, figures)


def _without_dropout(student: PreTrainedModel) -> PreTrainedModel:
    for module in student.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return student


def _held_out(
    material: _Material, maker: PairMaker, pads: tuple[int, int], tokens_per_step: int
) -> list[dict[str, Tensor]]:
    texts = [line[start:end] for line in material.held_out for start, end in split_sentences(line)]
    sentences = [unlabelled(text) for text in texts[:: max(1, len(texts) // HELD_OUT_SENTENCES)]]
    pairs = maker.pairs(sentences + material.labelled[::LABELLED_HELD_OUT])
    groups = by_token_budget([len(pair.teacher.input_ids) for pair in pairs], tokens_per_step)
    return [collate([pairs[index] for index in group], student_pad=pads[0], teacher_pad=pads[1]) for group in groups]


def _arguments(settings: DistillSettings, workspace: Workspace, *, steps: int) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(workspace.checkpoints),
        max_steps=steps,
        lr_scheduler_type="linear",
        warmup_steps=WARMUP,
        max_grad_norm=1.0,
        eval_strategy="steps",
        eval_steps=settings.checkpoint_steps,
        save_strategy="steps",
        save_steps=settings.checkpoint_steps,
        save_total_limit=1,
        logging_strategy="steps",
        logging_steps=min(LOSS_EVERY_STEPS, steps),
        bf16=settings.precision == "bf16",
        seed=settings.seed,
        use_cpu=not torch.cuda.is_available(),
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
    )


def _save(
    path: Path,
    student: PreTrainedModel,
    cut: Tokenizer,
    tokenizer: Any,
    card: str,
) -> None:
    """Write the student as transformers reads it: weights in fp16, the tokenizer's special pieces named."""
    cut.no_truncation()
    cut.no_padding()
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=cut, model_max_length=tokenizer.model_max_length, **tokenizer.special_tokens_map
    )
    with whole_folder(path) as partial:
        wrapped.save_pretrained(partial)
        student.half().save_pretrained(partial)  # type: ignore[no-untyped-call]
        (partial / "README.md").write_text(card, encoding="utf-8")
