"""Work on a CUDA device that is given out once and repeated: its kernels as one graph.

A model of a few steps at 512² spends more time telling the device what to do than the device spends doing it.
A recorded graph is one call, whatever the number of its kernels. It reads and writes the same memory each
time, so that inputs are copied to where the recorded ones lay.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import torch

#: what a recorded work takes: tensors, and None where there is none
Inputs: TypeAlias = tuple[torch.Tensor | None, ...]

KEEP = 8
"""Graphs of one work that are kept, each with the memory of its intermediate results."""

WARM_UP = 3
"""How often work runs before it is recorded: libraries choose their kernels and take their memory then."""

SEEN = 256
"""Forms of work that are remembered to have come once."""


class Recorder(Protocol):
    """Records work of a device."""

    def record(self, work: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, Callable[[], None]]:
        """What the work makes, and what makes it again in the same place; RuntimeError if that cannot be."""
        ...


class CudaRecorder:
    """CUDA graphs, all in one pool of memory: they never run at the same time."""

    def __init__(self) -> None:
        self._pool: Any = None

    def record(self, work: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, Callable[[], None]]:
        """A CUDA graph of the work, after some runs beside the stream that others use."""
        # torch has no annotations of streams: hence Any
        make: Any = torch.cuda.Stream
        aside, here = make(), torch.cuda.current_stream()
        aside.wait_stream(here)
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):
                work()
        here.wait_stream(aside)
        graph: Any = torch.cuda.CUDAGraph()
        # threads that write pictures meanwhile wait for events of their own, and pin memory
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            made = work()
        self._pool = self._pool or graph.pool()
        return made, graph.replay


@dataclass(frozen=True, slots=True)
class _Graph:
    """One recording: where its inputs lie, where its result is, what runs it."""

    inputs: Inputs
    made: torch.Tensor
    replay: Callable[[], None]


class Recorded:
    """A function of tensors that is recorded for every form of its inputs that comes a second time.

    `state` is asked what else decides which kernels run. If something cannot be recorded, `failed` hears why,
    once, and everything runs as it is from then on.
    """

    def __init__(
        self,
        work: Callable[[Inputs], torch.Tensor],
        recorder: Recorder,
        *,
        state: Callable[[], Hashable] = lambda: None,
        failed: Callable[[str], None] = lambda said: None,
    ) -> None:
        self._work = work
        self._recorder: Recorder | None = recorder
        self._state = state
        self._failed = failed
        self._seen: dict[Hashable, None] = {}
        self._graphs: OrderedDict[Hashable, _Graph] = OrderedDict()

    def __call__(self, inputs: Inputs, *more: Hashable) -> torch.Tensor:
        """What the work makes of the inputs; `more` is what it is besides them."""
        if self._recorder is None:
            return self._work(inputs)
        key = (tuple(map(_form, inputs)), more, self._state())
        graph = self._graphs.get(key)
        if graph is None:
            if key not in self._seen:
                self._remember(key)
                return self._work(inputs)
            graph = self._record(key, self._recorder, inputs)
            if graph is None:
                return self._work(inputs)
        else:
            self._graphs.move_to_end(key)
            _put(inputs, graph.inputs)
            graph.replay()
        # the next run writes over what this one made
        return graph.made.clone()

    def forget(self) -> None:
        """Give back the memory of what was recorded; it is recorded again when it comes."""
        self._graphs.clear()
        self._seen.clear()

    def stop(self) -> bool:
        """Run everything as it is from now on; whether that is new."""
        was = self._recorder is not None
        self._recorder = None
        self.forget()
        return was

    def _remember(self, key: Hashable) -> None:
        if len(self._seen) >= SEEN:
            del self._seen[next(iter(self._seen))]
        self._seen[key] = None

    def _record(self, key: Hashable, recorder: Recorder, inputs: Inputs) -> _Graph | None:
        held = tuple(None if tensor is None else tensor.clone() for tensor in inputs)
        try:
            made, replay = recorder.record(lambda: self._work(held))
        except torch.OutOfMemoryError:
            # the session knows what to do with less
            raise
        except RuntimeError as error:
            self._recorder = None
            self._graphs.clear()
            said = str(error).strip().splitlines() or [type(error).__name__]
            self._failed(f"the model runs without CUDA graphs: {said[0]}")
            return None
        replay()
        graph = self._graphs[key] = _Graph(held, made, replay)
        if len(self._graphs) > KEEP:
            self._graphs.popitem(last=False)
        return graph


def _form(tensor: torch.Tensor | None) -> Hashable:
    if tensor is None:
        return None
    return (tuple(tensor.shape), tensor.dtype, tensor.is_contiguous())


def _put(given: Sequence[torch.Tensor | None], held: Sequence[torch.Tensor | None]) -> None:
    for tensor, place in zip(given, held, strict=True):
        if tensor is not None and place is not None:
            place.copy_(tensor, non_blocking=True)
