"""One ONNX model -> a small graph and files of its weights, none larger than a host of code takes."""

from __future__ import annotations

from pathlib import Path

MAX_BYTES = 48_000_000  # of a file
PAGE = 4096  # bytes: a weight that begins on a page is mapped instead of read
SMALL = 1024  # bytes: what is smaller stays in the graph, as the runtime looks at shapes and constants there


def split_weights(path: Path, max_bytes: int = MAX_BYTES) -> list[Path]:
    """Moves the weights of a model into files beside it, `NAME-1.bin` and so on; returns all files, the model first.

    onnxruntime finds them by their names in the model's own folder. A model that is small enough stays as it is.

    Args:
        path: of the model, which is rewritten.
        max_bytes: of each file; a weight that is larger has a file of its own.
    """
    import onnx
    from onnx.external_data_helper import set_external_data

    if path.stat().st_size <= max_bytes:
        return [path]
    model = onnx.load(path)
    files = [bytearray()]
    for tensor in model.graph.initializer:
        content = onnx.numpy_helper.to_array(tensor).tobytes()
        if len(content) < SMALL:
            continue
        files[-1] += bytes(-len(files[-1]) % PAGE)
        if files[-1] and len(files[-1]) + len(content) > max_bytes:
            files.append(bytearray())
        tensor.raw_data = content  # whichever field they were in
        set_external_data(tensor, _name(path, len(files)), offset=len(files[-1]), length=len(content))
        tensor.ClearField("raw_data")
        files[-1] += content
    paths = [path.with_name(_name(path, number)) for number in range(1, len(files) + 1)]
    for target, kept in zip(paths, files, strict=True):
        target.write_bytes(kept)
    path.write_bytes(model.SerializeToString())
    return [path, *paths]


def _name(path: Path, number: int) -> str:
    return f"{path.stem}-{number}.bin"
