"""Writes safetensors files with the standard library alone."""
import array
import json
import struct

import torch

KINDS = {torch.float32: ("F32", "f"), torch.float64: ("F64", "d"), torch.int32: ("I32", "i")}


def save(path, tensors, metadata):
    """Writes {name: tensor} and {key: text}; wide elements first, so that all are aligned."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        dtype, code = KINDS[tensor.dtype]
        values = array.array(code, tensor.detach().flatten().tolist()).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
