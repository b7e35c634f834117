"""Which reader is there."""

from assistant.first_reader import OverlapReader
from assistant.onnx_model import MODELS
from assistant.reader import OnnxReader, Reader


def load_reader(n_threads: int) -> Reader:
    """Returns the trained reader if it is shipped, else the first one."""
    return OnnxReader.load(n_threads) if (MODELS / "reader.json").is_file() else OverlapReader()
