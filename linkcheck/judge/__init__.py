"""Judge links: from the evidence to a verdict, by rules in a fixed order; see docs/verdicts.md."""

from linkcheck.judge.facts import is_complete as is_complete
from linkcheck.judge.judging import is_consistent as is_consistent
from linkcheck.judge.judging import judge as judge
from linkcheck.judge.order import broken_plugins as broken_plugins
from linkcheck.judge.rules.network import internal_error as internal_error
from linkcheck.model import Judgement as Judgement
from linkcheck.model import Policy as Policy
