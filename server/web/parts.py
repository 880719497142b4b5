"""What the routes ask of the container."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from server.auth.access import Vaulted
from server.auth.demo import Demo
from server.auth.gate import Pass
from server.auth.grants import Grants
from server.auth.invitations import Invitations
from server.auth.keys import KeyRing
from server.auth.limits import Limiter
from server.auth.passkeys import Passkeys
from server.auth.sessions import Sessions
from server.certificates.trust import TrustList
from server.flow.identity import Identity
from server.flow.notices import Notices
from server.flow.pay import Pay
from server.flow.pushed import Pushed
from server.ports import Clock
from server.record.store import Record
from server.settings import Settings
from sync.engine import Engine
from sync.wire import Wire


class Parts(Protocol):
    """`woken` is called after what leaves work for the worker. `requests` counts the answers by
    method and status, for /metrics."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def record(self) -> Record: ...
    @property
    def documents(self) -> Engine: ...
    @property
    def keys(self) -> KeyRing: ...
    @property
    def vaulted(self) -> Vaulted: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def passkeys(self) -> Passkeys: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def demo(self) -> Demo: ...
    @property
    def limiter(self) -> Limiter: ...
    @property
    def wire(self) -> Wire[Pass]: ...
    @property
    def trust(self) -> TrustList: ...
    @property
    def pay(self) -> Pay: ...
    @property
    def pushed(self) -> Pushed: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def woken(self) -> Callable[[], None]: ...
    @property
    def requests(self) -> Counter[tuple[str, int]]: ...
