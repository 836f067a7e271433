"""A text to be said aloud; where somebody read it, how many seconds that took."""

from registry.task import Task


class SpeechSynthesis(Task):
    inputs = ("text",)
    optional = ("seconds",)
    metrics = ("wer", "cer", "duration_error", "real_time_factor")
    default_metrics = ("wer", "cer", "real_time_factor")
