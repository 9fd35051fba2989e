"""What the rules of CASM ask, from seasonal cycles to the joined branches."""

from __future__ import annotations

from typing import Any

from rssm.casm.specs import (
    HELD_OUT,
    PLACE,
    BranchesSpec,
    CalibrateSpec,
    CycleSpec,
    EstimateSpec,
    MergeSpec,
    SamplesSpec,
    TrainSpec,
)
from rssm.spec import canonical
from rssm.workflow.casm.scope import LEARNT_FROM, SMAP, CasmScope
from rssm.workflow.casm.sizes import held_out, memory_mb, share
from rssm.workflow.ground import Ground, one_of
from rssm.workflow.questions import once_per

# lowest and highest amplitude and mean of a seasonal cycle: of soil moisture (m³ m⁻³), of brightness temperature (K)
BOUNDS = {True: ((0.0, 0.4), (0.0, 0.6)), False: ((1.0, 40.0), (150.0, 370.0))}


class Learning(Ground):
    """The answers for one scope."""

    scope: CasmScope

    def wildcards(self) -> dict[str, str]:
        members = self.scope.run.training.members
        own = {"record": one_of(self.scope.records), "branch": one_of(self.scope.trained)}
        return super().wildcards() | own | {"member": one_of(str(number) for number in range(1, members + 1))}

    # -- inputs ----------------------------------------------------------------------------------------------------------

    def cube_of_record(self, wildcards: Any) -> str:
        """The cube of the sensor whose record it is."""
        return f"{self.scope.paths.results}/cubes/{self.scope.records[wildcards.record][0]}/{wildcards.tile}.nc"

    def cube_of_branch(self, wildcards: Any) -> str:
        """The cube of the sensor that a branch is given."""
        return f"{self.scope.paths.results}/cubes/{LEARNT_FROM[wildcards.branch]}/{wildcards.tile}.nc"

    def cycles_of_branch(self, wildcards: Any) -> str:
        """Its seasonal cycles, over its whole record."""
        return f"{self.scope.learnt.results}/cycles/{LEARNT_FROM[wildcards.branch]}/{wildcards.tile}.nc"

    def cycles_taught(self, wildcards: Any) -> str:
        """Those from which the rows depart that a branch learns from."""
        return f"{self.scope.learnt.results}/cycles/{self.scope.record_of(wildcards.branch)}/{wildcards.tile}.nc"

    def target(self, wildcards: Any) -> str:
        """What a branch learns: the target's cube, or of AMSR-E what the SMOS branch estimates."""
        learnt = "estimated/smos" if wildcards.branch == "amsre" else f"cubes/{SMAP}"
        return f"{self.scope.paths.results}/{learnt}/{wildcards.tile}.nc"

    def samples(self, wildcards: Any) -> list[str]:
        """The samples of a branch from all tiles."""
        return [f"{self.scope.paths.results}/samples/{wildcards.branch}/{tile}.nc" for tile in self.scope.tiles]

    def start(self, wildcards: Any) -> list[str]:
        """The network that a member begins with: of AMSR-E that of AMSR2, of others none."""
        learnt = f"{self.scope.paths.results}/networks/amsr2/{wildcards.member}.nc"
        return [learnt] if wildcards.branch == "amsre" else []

    def networks(self, wildcards: Any) -> list[str]:
        """All members of a branch."""
        members = range(1, self.scope.run.training.members + 1)
        return [f"{self.scope.learnt.results}/networks/{wildcards.branch}/{member}.nc" for member in members]

    def estimated(self, wildcards: Any) -> list[str]:
        """What the branches estimate in a tile."""
        branches = self.scope.branches_now
        return [f"{self.scope.paths.results}/estimated/{branch}/{wildcards.tile}.nc" for branch in branches]

    # -- params ----------------------------------------------------------------------------------------------------------

    @once_per("record")
    def cycle_spec(self, wildcards: Any) -> str:
        """Variables of a sensor, and how their cycles are fitted over a record."""
        scope, settings = self.scope, self.scope.run.cycle
        sensor, steps = scope.records[wildcards.record]
        amplitude, offset = BOUNDS[sensor == SMAP]
        return canonical(
            CycleSpec(
                variables=tuple(scope.channels(sensor)),
                calendar=scope.calendar.id,
                steps=_ends(steps),
                amplitude=amplitude,
                offset=offset,
                **settings.model_dump(exclude={"record"}),
            )
        )

    @once_per("branch")
    def samples_spec(self, wildcards: Any) -> str:
        """Which rows a branch learns from."""
        scope, run, branch = self.scope, self.scope.run, wildcards.branch
        return canonical(
            SamplesSpec(
                channels=tuple(scope.channels(LEARNT_FROM[branch])),
                target=run.target,
                calendar=scope.calendar.id,
                steps=_ends(scope.lesson(branch)),
                share=share(scope, branch),
                held_out=held_out(scope),
                seed=run.seed,
            )
        )

    @once_per("branch")
    def train_spec(self, wildcards: Any) -> str:
        """How the members of a branch learn."""
        training, branch = self.scope.run.training, wildcards.branch
        later = branch == "amsre"
        return canonical(
            TrainSpec(
                inputs=(*(PLACE if training.place else ()), *self.scope.channels(LEARNT_FROM[branch])),
                hidden=(training.units,) * training.layers,
                rate=training.transfer_rate if later else training.rate,
                epochs=training.epochs,
                seed=self.scope.run.seed,
                batch=training.batch,
                frozen=training.frozen if later else 0,
                decay=training.decay,
            )
        )

    def calibrate_spec(self, wildcards: Any) -> str:
        """How the uncertainty of a branch is calibrated."""
        return canonical(CalibrateSpec(self.scope.run.uncertainty.noise))

    @once_per("branch")
    def estimate_spec(self, wildcards: Any) -> str:
        """What a branch estimates: the period's steps, and those that another branch learns from."""
        scope, branch = self.scope, wildcards.branch
        return canonical(
            EstimateSpec(
                channels=tuple(scope.channels(LEARNT_FROM[branch])),
                calendar=scope.calendar.id,
                steps=_ends(scope.estimated(branch)),
                target=scope.run.target,
                taught=_ends(scope.lesson(branch)),
                noise=scope.run.uncertainty.noise,
            )
        )

    def merge_spec(self, wildcards: Any) -> str:
        """Which branches are joined, over which steps."""
        return canonical(MergeSpec(self.scope.branches_now, _ends(self.scope.made)))

    def branches_spec(self, wildcards: Any = None) -> str:
        """The target, and the steps in which the data set has it."""
        scope = self.scope
        return canonical(BranchesSpec(scope.run.target, _ends(scope.seen(SMAP)), HELD_OUT[scope.run.held_out.kind]))

    # -- resources -------------------------------------------------------------------------------------------------------

    def memory_mb(self, wildcards: Any) -> int:
        """Memory of a job that holds all rows of a branch, MB."""
        return memory_mb(self.scope, wildcards.branch)

    # -- tables ----------------------------------------------------------------------------------------------------------

    def tables(self) -> list[str]:
        """Tables that tell of a run; in an extension nothing is learnt."""
        folder, learnt = self.scope.paths.report, [] if self.scope.parent else ["branches.tsv"]
        return [f"{folder}/{name}" for name in ("archive.tsv", "land_share.tsv", *learnt)]

    def calibrations(self) -> list[str]:
        """Calibrations of all branches."""
        return [f"{self.scope.paths.results}/calibration/{branch}.tsv" for branch in self.scope.trained]


def _ends(steps: range) -> tuple[int, int]:
    return steps[0], steps[-1]
