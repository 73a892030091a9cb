"""Signs of life of workers, so that a face can tell whether anybody watches."""

from tocsin.checks.models import Heartbeat
from tocsin.kit import clock

FRESH = 30
FORGOTTEN = 86_400


def beat(worker: str) -> None:
    """Record that a worker lives now, and forget those silent for a day."""
    now = int(clock.timestamp())
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": now})
    Heartbeat.objects.filter(at__lt=now - FORGOTTEN).delete()


def end(worker: str) -> None:
    """Record that a worker has stopped."""
    Heartbeat.objects.filter(worker=worker).delete()


def anybody() -> bool:
    """Tell whether some worker has given a sign of life lately."""
    return Heartbeat.objects.filter(at__gte=int(clock.timestamp()) - FRESH).exists()
