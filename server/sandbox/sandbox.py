"""The sandbox as one piece: switches, twins, trial page, slow link. The container builds it."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from server.ports import Clock
from server.sandbox import facility
from server.sandbox.page import DemoLink, TrialPage
from server.sandbox.seed import Seed
from server.sandbox.switches import Switches
from server.sandbox.throttle import SlowLink
from server.sandbox.twins.authority import Authority
from server.sandbox.twins.authority_push import Pusher
from server.sandbox.twins.identity import IdentityProvider
from server.sandbox.twins.phone import Phones
from server.sandbox.twins.portal import Portal
from server.sandbox.twins.post import Post
from server.sandbox.twins.push import Push
from server.sandbox.twins.registry import Registry
from server.sandbox.twins.vnpay import Vnpay
from server.settings import Settings


class Sandbox:
    """Made only when `settings.sandbox` is on. State lives in `<data>/sandbox/*.json`."""

    def __init__(self, settings: Settings, clock: Clock, demo_link: DemoLink | None = None) -> None:
        if not settings.sandbox:
            raise ValueError("the sandbox is switched off")
        folder: Path = settings.data / "sandbox"
        switches = Switches.kept_in(folder / "switches.json", decider=settings.approval)
        user, password = settings.authority_user, settings.authority_password
        self.switches = switches
        target = f"{settings.origin}/api/authority/decisions"
        self.pusher = Pusher(settings.own_address, target, clock)
        self.authority = Authority(folder, switches, clock, user, password, self.pusher)
        self.registry = Registry(
            folder, switches, clock, settings.registry_user, settings.registry_password
        )
        self.portal = Portal(folder, switches, clock)
        self.identity = IdentityProvider(
            switches, clock, settings.origin, settings.oidc_client, settings.oidc_secret
        )
        self.post = Post(folder, switches, clock, settings.post_token)
        self.vnpay = Vnpay(
            folder,
            switches,
            clock,
            settings.vnpay_terminal,
            settings.vnpay_secret,
            f"{settings.own_address}/api/payments/vnpay/ipn",
        )
        self.push = Push(folder, switches, clock)
        self.phones = Phones(folder, switches, settings.sms_token)
        _zalo_token(folder, settings)
        self.facility_keys = facility.trusted()
        demo_link = demo_link if settings.demo else None
        self._seed = Seed(settings, clock, demo_link)
        self._page = TrialPage(switches, clock, settings.origin, demo_link)

    def routes(self) -> list[BaseRoute]:
        """To stand before the application's own routes."""
        return [
            Mount("/sandbox/twins/authority", routes=self.authority.routes()),
            Mount("/sandbox/twins/registry", routes=self.registry.routes()),
            Mount("/sandbox/twins/portal", routes=self.portal.routes()),
            Mount("/sandbox/twins/identity", routes=self.identity.routes()),
            Mount("/sandbox/twins/post", routes=self.post.routes()),
            Mount("/sandbox/twins/vnpay", routes=self.vnpay.routes()),
            Mount("/sandbox/twins/push", routes=self.push.routes()),
            Mount("/sandbox/twins/sms", routes=self.phones.sms()),
            Mount("/sandbox/twins/zns", routes=self.phones.zns()),
            *self._page.routes(),
        ]

    def slowed(self, app: ASGIApp) -> ASGIApp:
        """The replication endpoint behind the switch *slow link*."""
        return SlowLink(app, self.switches)

    async def seed(self) -> None:
        """Files the first start's dossiers; nothing when they were filed before. To be run beside
        the server, which it reaches over HTTP."""
        await self._seed.run()


def _zalo_token(folder: Path, settings: Settings) -> None:
    """The twin's access token, where the settings have the server look for it."""
    if settings.zns_token_file.parent == folder:
        folder.mkdir(parents=True, exist_ok=True)
        settings.zns_token_file.write_text(settings.sms_token, encoding="ascii")
