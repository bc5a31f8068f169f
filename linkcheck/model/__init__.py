"""The values that flow between the stages: facts first, judgements after.

All are immutable and know nothing of the rest of the package. Times are aware UTC, durations
seconds, sizes bytes, unless a name says otherwise.
"""

from linkcheck.model.base import Fingerprint as Fingerprint
from linkcheck.model.base import Mutable as Mutable
from linkcheck.model.base import Status as Status
from linkcheck.model.base import Time as Time
from linkcheck.model.base import Url as Url
from linkcheck.model.base import Value as Value
from linkcheck.model.base import field as field
from linkcheck.model.base import replace as replace
from linkcheck.model.findings import Author as Author
from linkcheck.model.findings import Confidence as Confidence
from linkcheck.model.findings import Finding as Finding
from linkcheck.model.findings import Flag as Flag
from linkcheck.model.findings import Match as Match
from linkcheck.model.findings import Metadata as Metadata
from linkcheck.model.findings import Presence as Presence
from linkcheck.model.findings import SignatureKind as SignatureKind
from linkcheck.model.ignores import Ignore as Ignore
from linkcheck.model.ignores import IgnoreState as IgnoreState
from linkcheck.model.links import Document as Document
from linkcheck.model.links import Edit as Edit
from linkcheck.model.links import Entry as Entry
from linkcheck.model.links import Link as Link
from linkcheck.model.links import LinkKind as LinkKind
from linkcheck.model.links import Malformed as Malformed
from linkcheck.model.links import Notice as Notice
from linkcheck.model.links import Repair as Repair
from linkcheck.model.plans import Plan as Plan
from linkcheck.model.plans import Target as Target
from linkcheck.model.plans import Unchecked as Unchecked
from linkcheck.model.reports import Checked as Checked
from linkcheck.model.reports import Csl as Csl
from linkcheck.model.reports import IgnoreNote as IgnoreNote
from linkcheck.model.reports import Outage as Outage
from linkcheck.model.reports import Report as Report
from linkcheck.model.requests import Answer as Answer
from linkcheck.model.requests import Hop as Hop
from linkcheck.model.requests import Pace as Pace
from linkcheck.model.requests import Purpose as Purpose
from linkcheck.model.requests import Request as Request
from linkcheck.model.sightings import Exchange as Exchange
from linkcheck.model.sightings import Fault as Fault
from linkcheck.model.sightings import Observation as Observation
from linkcheck.model.sightings import Sighting as Sighting
from linkcheck.model.verdicts import ALIVE as ALIVE
from linkcheck.model.verdicts import FAILING as FAILING
from linkcheck.model.verdicts import Change as Change
from linkcheck.model.verdicts import Evidence as Evidence
from linkcheck.model.verdicts import Identity as Identity
from linkcheck.model.verdicts import Judgement as Judgement
from linkcheck.model.verdicts import Override as Override
from linkcheck.model.verdicts import Past as Past
from linkcheck.model.verdicts import Policy as Policy
from linkcheck.model.verdicts import Probe as Probe
from linkcheck.model.verdicts import Record as Record
from linkcheck.model.verdicts import State as State
from linkcheck.model.verdicts import StatusRange as StatusRange
from linkcheck.model.verdicts import Verdict as Verdict
