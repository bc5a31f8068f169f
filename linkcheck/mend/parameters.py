"""Parameters of URLs that only track where a reader came from.

Those of ANYWHERE are documented by who sets them, and mean nothing else (all read 2026-12): Google's campaign
parameters (support.google.com/analytics/answer/10917952) and click ids (support.google.com/google-ads/answer/9744275),
Meta's fbclid, Microsoft's msclkid (help.ads.microsoft.com 60000), Mailchimp's mc_cid and mc_eid, HubSpot's _hsenc and
_hsmi, Marketo's mkt_tok, Instagram's igshid, X's twclid, TikTok's ttclid, LinkedIn's li_fat_id, Yandex's yclid and
_openstat, Matomo's campaign parameters (matomo.org/faq/reports/what-is-campaign-tracking), Vero, Drip, Olytics.
Those of SITES are a site's own marks on shared links. PERHAPS track on some sites and mean something on others.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_plus

from linkcheck.common.hosts import is_within

_ANYWHERE = re.compile(
    r"utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|_hsenc|_hsmi|__hstc|__hssc|__hsfp|"
    r"hsctatracking|mkt_tok|igshid|igsh|twclid|ttclid|li_fat_id|yclid|_openstat|(?:mtm|pk|piwik)_(?:campaign|kwd|keyword|"
    r"source|medium|content|cid|group|placement)|vero_id|vero_conv|__s|oly_anon_id|oly_enc_id|srsltid",
    re.IGNORECASE,
)
_PERHAPS = frozenset(
    "ref ref_src ref_url referrer source src spm cmpid campaign_id ncid sr_share trk trkcampaign".split()
)
_SITES = {  # with their sub-domains
    "youtube.com": frozenset({"si", "feature", "pp"}),
    "youtu.be": frozenset({"si", "feature", "pp"}),
    "open.spotify.com": frozenset({"si"}),
    "twitter.com": frozenset({"ref_src", "ref_url", "s", "t"}),
    "x.com": frozenset({"ref_src", "ref_url", "s", "t"}),
    "medium.com": frozenset({"source"}),
    "linkedin.com": frozenset({"trk", "trackingid", "lipi", "originalsubdomain"}),
}
# The value that a service computed over the other parameters: without one of them the address does not work.
_SIGNED = re.compile(r"(?:x-amz-|x-goog-)?(?:signature|sig|hmac|hash|token|policy|key-pair-id)|x-amz-.*", re.IGNORECASE)


class Stripped(NamedTuple):
    """A URL without the parameters `names`; `is_certain`: they do nothing but track."""

    url: str
    names: tuple[str, ...]
    is_certain: bool


def is_tracking(name: str, host: str) -> bool:
    """Whether a parameter of a URL at `host` does nothing but track."""
    return bool(_ANYWHERE.fullmatch(name)) or any(
        name.casefold() in names and is_within(host, site) for site, names in _SITES.items()
    )


def stripped(url: str, host: str) -> Stripped | None:
    """`url`, as written, without tracking parameters; None if it has none, or is signed."""
    address, mark, query = url.partition("?")
    if not mark:
        return None
    kept, dropped, is_certain = list[str](), list[str](), True
    for field in query.split("&"):
        name = unquote_plus(field.partition("=")[0])
        if _SIGNED.fullmatch(name):
            return None
        if is_tracking(name, host):
            dropped.append(name)
        elif name.casefold() in _PERHAPS:
            dropped.append(name)
            is_certain = False
        else:
            kept.append(field)
    if not dropped:
        return None
    return Stripped(f"{address}?{'&'.join(kept)}" if any(kept) else address, tuple(dropped), is_certain)
