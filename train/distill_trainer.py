"""transformers' Trainer with a teacher beside the student."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader
from transformers import PreTrainedModel, TrainingArguments

from data.labels import STANCES
from evaluation.metrics import classification_metrics
from models.classifier import StanceClassifier
from models.pooling import mean_of_mentions
from train.distill_data import DistillStream
from train.processor_trainer import ProcessorTrainer


class DistillTrainer(ProcessorTrainer):
    """Trains a student to give its teacher's states, word by word, and soft stance labels.

    How far a layer is from the teacher's is the mean squared distance of the states of each word (its
    pieces' mean), plus one less their cosine. The loss is that of the last layer, plus the mean of that
    of the layers below, each beside the teacher's layer that it began as, plus the divergence
    KL(label || student) over labelled actors: distances of hidden states as in DistilBERT (Sanh et al.
    2019), layer by layer as in TinyBERT (Jiao et al. 2020).
    """

    def __init__(
        self,
        *,
        model: StanceClassifier,
        teacher: PreTrainedModel,
        layers: Sequence[int],  # of the teacher, counted from 0: one for each of the student's
        args: TrainingArguments,
        stream: DistillStream,
        optimizer: torch.optim.Optimizer,
        held_out: list[dict[str, Tensor]],
        callbacks: list[Any],
    ) -> None:
        self._stream, self._held_out = stream, held_out
        self._layers = layers
        self._sums: dict[str, list[float]] = defaultdict(list)
        super().__init__(
            model=model,
            args=args,
            train_dataset=stream,
            eval_dataset=stream,  # asked for, never read: `evaluate` below does its own reading
            optimizers=(optimizer, None),
            callbacks=callbacks,
        )
        if args.bf16:
            teacher.to(torch.bfloat16)  # type: ignore[arg-type]
        teacher.to(args.device)  # type: ignore[arg-type]
        teacher.eval()  # type: ignore[no-untyped-call]
        self._teacher = teacher.requires_grad_(False)

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Return the stream's batches as they come."""
        return DataLoader(self._stream, batch_size=None)

    def compute_loss(
        self,
        model: torch.nn.Module,
        inputs: dict[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Tensor:
        """Return the loss of a batch, its parts noted for the log."""
        ours, theirs, logits = self._read(inputs)
        distance = (ours - theirs).square().mean(dim=(0, 2))  # (layers,)
        cosine = functional.cosine_similarity(ours, theirs, dim=2).mean(dim=0)  # (layers,)
        far = distance + 1 - cosine
        loss = far[-1] + (far[:-1].mean() if len(far) > 1 else 0.0)
        self._sums["word_distance"].append(distance[-1].item())
        self._sums["word_cosine"].append(cosine[-1].item())
        if len(inputs["soft"]):
            divergence = functional.kl_div(logits.log_softmax(dim=1), inputs["soft"], reduction="batchmean")
            self._sums["stance_divergence"].append(divergence.item())
            loss = loss + divergence
        return loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Log the means of the loss's parts with the loss."""
        if "loss" in logs:
            logs |= {name: float(np.mean(values)) for name, values in self._sums.items()}
            self._sums.clear()
        super().log(logs, start_time)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Measure on held-out text and labels."""
        self.model.eval()
        cosines, soft, found = [], [], []
        for batch in self._held_out:
            with torch.inference_mode(), self.compute_loss_context_manager():
                inputs = {name: tensor.to(self.args.device) for name, tensor in batch.items()}
                ours, theirs, logits = self._read(inputs)
            cosines.append(functional.cosine_similarity(ours[:, -1], theirs[:, -1]).cpu().numpy())
            soft.append(batch["soft"].numpy())
            found.append(logits.softmax(dim=1).float().cpu().numpy())
        self.model.train()
        metrics = {"eval_word_cosine": float(np.concatenate(cosines).mean())}
        labels = np.concatenate(soft)
        if len(labels):
            figures = classification_metrics(
                labels.argmax(axis=1), np.concatenate(found).argmax(axis=1), labels=STANCES
            )
            metrics["eval_stance_macro_f1"] = figures["macro_f1"]
        self.log(dict(metrics))
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def last_figures(self) -> dict[str, float]:
        """Return what `evaluate` gives for the weights as they are, which it may have measured already."""
        for entry in reversed(self.state.log_history):
            if "eval_word_cosine" in entry and entry["step"] == self.state.global_step:
                return {name: value for name, value in entry.items() if name.startswith("eval_")}
        return self.evaluate()

    def _read(self, inputs: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return the words' states of student and teacher (words, layers, hidden) and the stance logits (actors, 3)."""
        states = self.model.encode_layers(inputs["input_ids"], inputs["attention_mask"], inputs["token_type_ids"])
        logits = self.model.read(states[-1], inputs["actor_rows"], inputs["mention_tokens"], inputs["mention_actors"])
        words = int(inputs["words"])
        ours = _words(states, inputs["student_tokens"], inputs["student_words"], words)
        with torch.no_grad():
            given = self._teacher(
                input_ids=inputs["teacher_ids"], attention_mask=inputs["teacher_mask"], output_hidden_states=True
            ).hidden_states
            chosen = [given[layer + 1] for layer in self._layers]  # the first are the embeddings
            theirs = _words(chosen, inputs["teacher_tokens"], inputs["teacher_words"], words)
        return ours, theirs, logits.stance


def _words(layers: Sequence[Tensor], tokens: Tensor, words: Tensor, count: int) -> Tensor:
    """Return each word's states, the mean of its pieces: (words, layers, hidden)."""
    beside = torch.cat(list(layers), dim=2)  # (readings, tokens, layers * hidden)
    return mean_of_mentions(beside, tokens, words, count).view(count, len(layers), -1)
