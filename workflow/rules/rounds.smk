"""Subnetworks → SIM-n maps → SIM-nT maps, which teach the next rounds."""


rule simulate:
    input:
        networks=W.substep_networks,
        cubes=W.substep_cubes,
    output:
        passing(SCOPE.run.keep.simulated)("results/rsssm/simulated/{substep}/{tile}.nc"),
    log:
        "logs/simulate/{substep}/{tile}.log",
    benchmark:
        "benchmarks/simulate/{substep}/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=W.substep_spec,
        code=W.code("simulate"),
    shell:
        "rssm simulate {wildcards.substep} {wildcards.tile} --networks {input.networks} --cubes {input.cubes}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule join:
    input:
        simulated=W.simulated,
    output:
        passing(SCOPE.run.keep.simulated)("results/rsssm/joined/{round}/{tile}.nc"),
    log:
        "logs/join/{round}/{tile}.log",
    benchmark:
        "benchmarks/join/{round}/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.join_spec,
        code=W.code("join"),
    shell:
        "rssm join {wildcards.round} {wildcards.tile} --simulated {input.simulated}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule mosaic:
    input:
        tiles=W.joined,
    output:
        maps=expand(
            "results/rsssm/maps/SIM-{{round}}/SIM-{{round}}_{{year}}{step}.tif",
            step=DEKADS_OF_YEAR,
        ),
        index="results/rsssm/maps/SIM-{round}/{year}.json",
    log:
        "logs/mosaic/{round}/{year}.log",
    benchmark:
        "benchmarks/mosaic/{round}/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.mosaic_spec,
        code=W.code("mosaic"),
    shell:
        "rssm mosaic {wildcards.round} {wildcards.year} --tiles {input.tiles}"
        " --spec {params.spec:q} --out {output.index} 2> {log}"


rule target:
    input:
        maps="results/rsssm/maps/SIM-{round}/{year}.json",
        ranges=W.ranges,
    output:
        maps=expand(
            "results/rsssm/maps/SIM-{{round}}T/SIM-{{round}}T_{{year}}{step}.tif",
            step=DEKADS_OF_YEAR,
        ),
        index="results/rsssm/maps/SIM-{round}T/{year}.json",
    log:
        "logs/target/{round}/{year}.log",
    benchmark:
        "benchmarks/target/{round}/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.target_spec,
        code=W.code("target"),
    shell:
        "rssm target {wildcards.round} {wildcards.year} --maps {input.maps} --ranges {input.ranges}"
        " --spec {params.spec:q} --out {output.index} 2> {log}"


for round_name in SCOPE.plan.rounds:

    rule:
        name:
            f"round{round_name}"
        input:
            W.round_maps(round_name),
