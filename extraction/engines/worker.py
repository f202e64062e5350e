"""The worker's side: a child process that does one document after another within its limits.

Whatever a document does to its process stays in that process. Expected refusals and unexpected exceptions
become error records here, at the house's only catch-all; death and silence are the parent's to see.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import pickle
import signal
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from extraction.engines.protocol import Limits, Outcome, Task, Work, failure, printable_path
from extraction.errors import NianbaoError

READY = b"ready"
_CPU_MARGIN = 5  # seconds on top of the wall-clock limit: start of the interpreter, threads of libraries


def serve(connection: Connection, work: Work, options: object, limits: Limits) -> None:
    """Answer batches of tasks until the parent says stop (None) or is gone.

    Each answer is a pickled ``(outcome, leaving)``; after ``leaving`` the worker ends of its own accord.
    """
    confine(limits)
    gc.freeze()  # what start-up loaded is never garbage: collections skip it
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send_bytes(READY)
        while (batch := connection.recv()) is not None:
            for task in batch:
                allow_cpu(limits.timeout)
                outcome, leaving = attempt(work, task, options)
                connection.send_bytes(pickle.dumps((outcome, leaving), protocol=5))
                if leaving:
                    return


def attempt(work: Work, task: Task, options: object) -> tuple[Outcome, bool]:
    """Do one task; the outcome, and whether this process should be given up."""
    try:
        return work(task, options), False
    except NianbaoError as refusal:
        return _refused(task, refusal), False
    except MemoryError:
        pass  # its traceback holds the document's memory: leave the handler before doing anything
    except OSError as error:
        return _unreadable(task, error), False
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug costs one document
        return _unexpected(task, error), False
    message = (
        "The document needs more memory than one document may use. Raise --memory, or look at what makes "
        "the file so large once opened."
    )
    return failure(task, step="worker", code="worker.memory", error="MemoryError", message=message), True


def _refused(task: Task, refusal: NianbaoError) -> Outcome:
    return failure(
        task, step=refusal.step, code=refusal.code, error=type(refusal).__name__, message=refusal.message
    )


_OS_CODES = {
    errno.ENOENT: ("input.missing", "There is no such file. Check the spelling of the path."),
    errno.ENOTDIR: ("input.missing", "There is no such file. Check the spelling of the path."),
    errno.EACCES: ("input.no_permission", "This user may not read it. Change its permissions."),
    errno.EPERM: ("input.no_permission", "This user may not read it. Change its permissions."),
    errno.ENAMETOOLONG: (
        "input.name_too_long",
        "The name is longer than the file system allows. Check that it is a path and not a text.",
    ),
    errno.EISDIR: ("input.not_a_file", "It is a folder where a file was expected."),
}


def describe_os_error(error: OSError) -> tuple[str, str]:
    """The stable code and the sentence for an error of the operating system about an input."""
    known = _OS_CODES.get(error.errno or 0)
    reason = os.strerror(error.errno) if error.errno else str(error)
    return known or ("input.failed", f"The system could not read it: {reason}. Try again.")


def _unreadable(task: Task, error: OSError) -> Outcome:
    code, message = describe_os_error(error)
    return failure(task, step="read", code=code, error=type(error).__name__, message=message)


def _unexpected(task: Task, error: Exception) -> Outcome:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f"{Path(last.filename).name}:{last.lineno} in {last.name}" if last else "unknown place"
    detail = printable_path(str(error))[:500]
    message = (
        f"A fault of this program, not of the document: {type(error).__name__}: {detail} ({where}). "
        "Please report it, with the file if it is public."
    )
    return failure(task, step="worker", code="internal.error", error=type(error).__name__, message=message)


def confine(limits: Limits) -> None:
    """Put this process under its limits, as far as the system has them (Linux: all)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # the kernel takes the worker first
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # standard output belongs to the summary, not to libraries
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        allowed = _address_space() + limits.memory_mb * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        ceiling = allowed if hard == resource.RLIM_INFINITY else min(allowed, hard)
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _address_space() -> int:
    """Bytes of address space in use now; the limit comes on top of them."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no /proc: the limit is then the whole process's
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def allow_cpu(seconds: float) -> None:
    """Move the CPU limit ahead for one more document; the kernel ends a process that passes it.

    The wall clock stops a hanging document first; this one stops it when the parent is gone.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        ahead = int(time.process_time() + seconds) + _CPU_MARGIN
        resource.setrlimit(
            resource.RLIMIT_CPU, (ahead if hard == resource.RLIM_INFINITY else min(ahead, hard), hard)
        )
