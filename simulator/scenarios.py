"""Companies that differ from the typical one in what makes attribution hard, by name.

What a channel is worth stays the counterfactual of ``outcomes.channel_effects``, which knows
nothing of traces, devices or roles; so the distance between it and a model's credit is the
model's error under just this condition.
"""

from dataclasses import dataclass

from simulator.errors import SimulationError


@dataclass(frozen=True)
class Scenario:
    """What a company is like; the defaults are the typical one.

    ``lost_share`` of the touchpoints leave no trace in any export. ``roleless_rate`` of the
    opportunities have no contact role, ``in_crm_rate`` of the people become contacts.
    ``device_chances`` are the chances of one device, two, three ...; of a visit's devices
    ``no_consent_rate`` never say who they are, and those that could do so after a form or by
    a mailing's link are recognised at ``recognised_rates``. ``cycle_days`` are the least and the
    most between the first touchpoint and the close. People near a purchase meet
    ``harvest_channel`` ``harvest_factor`` times as often.
    """

    name: str
    lost_share: float = 0.0
    roleless_rate: float = 0.15
    in_crm_rate: float = 0.85
    device_chances: tuple[float, ...] = (0.55, 0.33, 0.12)
    no_consent_rate: float = 0.12
    recognised_rates: tuple[float, float] = (0.4, 0.7)
    cycle_days: tuple[int, int] = (180, 540)
    harvest_channel: str | None = None
    harvest_factor: float = 1.0


TYPICAL = Scenario("typical")
SCENARIOS = (
    TYPICAL,
    # the best case of any rule: all that happened is on record, under the right name
    Scenario(
        "clean",
        roleless_rate=0.0,
        in_crm_rate=1.0,
        device_chances=(1.0,),
        no_consent_rate=0.0,
        recognised_rates=(1.0, 1.0),
    ),
    Scenario("missing_touchpoints", lost_share=0.2),
    Scenario("no_contact_roles", roleless_rate=1.0),
    Scenario(
        "cross_device",
        device_chances=(0.05, 0.25, 0.35, 0.25, 0.10),
        recognised_rates=(0.1, 0.15),
    ),
    Scenario("long_cycles", cycle_days=(365, 900)),
    # the ad that follows people around causes nothing and is there when they buy
    Scenario("harvest_channel", harvest_channel="retargeting", harvest_factor=6.0),
)


def scenario_named(name: str) -> Scenario:
    """Return the scenario of this name.

    Raises:
        SimulationError: there is none; the message lists those that there are.
    """
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    known = ", ".join(scenario.name for scenario in SCENARIOS)
    raise SimulationError(f"no scenario is called {name!r}; there are {known}")
