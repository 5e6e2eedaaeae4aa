"""A report into the record of a run: document, page, tables and pictures."""

from train.measuring import Measured, predictions_table, shifts_table, slices_table
from train.pictures import pictures
from train.report_markdown import report_markdown, summary_markdown
from train.report_page import report_page
from train.tracker import Tracker


def track_report(tracker: Tracker, measured: Measured, *, title: str) -> None:
    """Have a tracker keep all that a report holds but its figures, and describe the run by its summary."""
    report = measured.report
    drawn = dict(pictures(measured))
    tracker.tags({"mlflow.note.content": summary_markdown(report)})
    tracker.document(report, "report.json")
    tracker.text(report_markdown(report, title=title), "report.md")
    tracker.text(report_page(report, drawn, title=title), "report.html")
    tracker.table(predictions_table(measured), "test_predictions.json")
    tracker.table(slices_table(report), "slices.json")
    shifts = shifts_table(report)
    if len(shifts):
        tracker.table(shifts, "name_shifts.json")
    for name, figure in drawn.items():
        tracker.figure(figure, f"{name}.png")
