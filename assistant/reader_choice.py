from assistant.first_reader import OverlapReader
from assistant.reader import Reader


def load_reader(n_threads: int) -> Reader:
    return OverlapReader()
