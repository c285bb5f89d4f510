"""A WSGI app that speaks the part of H Company's agent API that we use, without a key: the demo's web research, and the
tests' double.
"""

from webapp.agent_simulator.app import create_app
from webapp.agent_simulator.scenarios import SCENARIOS, AgentScenario

__all__ = ["SCENARIOS", "AgentScenario", "create_app"]
