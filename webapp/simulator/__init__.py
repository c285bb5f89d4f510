"""A second WSGI app that speaks the Hum API without a key: the demo's upstream, the tests' double, a mock for other
integrators.
"""

from webapp.simulator.adapter import SimulatorAdapter
from webapp.simulator.app import create_app
from webapp.simulator.clock import AGE_HEADER, SPEED_HEADER
from webapp.simulator.scenario import AddressText, Scenario
from webapp.simulator.scenarios import SCENARIOS

__all__ = ["AGE_HEADER", "SCENARIOS", "SPEED_HEADER", "AddressText", "Scenario", "SimulatorAdapter", "create_app"]
