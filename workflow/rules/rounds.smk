"""Subnetworks → SIM-n maps → SIM-nT maps, which teach the next rounds."""


rule simulate:
    input:
        networks=W.substep_networks,
        cubes=W.substep_cubes,
        checked=D.taken,  # in an extension: its networks are those of the edition
    output:
        passing(SCOPE.run.keep.simulated)("results/rsssm/simulated/{substep}/{tile}.nc"),
    log:
        "logs/simulate/{substep}/{tile}.log",
    benchmark:
        "benchmarks/simulate/{substep}/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500 + 150 * (SCOPE.run.chains - 1),
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
        mem_mb=1000 + 150 * (SCOPE.run.chains - 1),
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
        mem_mb=2000 + 300 * (SCOPE.run.chains - 1),
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
        mem_mb=1000 + 100 * (SCOPE.run.chains - 1),
    params:
        spec=W.target_spec,
        code=W.code("target"),
    shell:
        "rssm target {wildcards.round} {wildcards.year} --maps {input.maps} --ranges {input.ranges}"
        " --spec {params.spec:q} --out {output.index} 2> {log}"


rule round_report:
    input:
        joined=W.joined,
        maps=A.maps,
        targets=A.targets,
    output:
        "results/rsssm/report/rounds/{round}.json",
    log:
        "logs/round_report/{round}.log",
    benchmark:
        "benchmarks/round_report/{round}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=A.report_spec,
        code=W.code("round-report"),
    shell:
        "rssm round-report {wildcards.round} --joined {input.joined} --maps {input.maps} --targets {input.targets}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule rounds_table:
    input:
        reports=A.reports(),
    output:
        "results/rsssm/report/rounds.tsv",
    log:
        "logs/rounds_table.log",
    benchmark:
        "benchmarks/rounds_table.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=W.code("round-report"),
    shell:
        "rssm rounds-table --reports {input.reports} --out {output} 2> {log}"


rule rounds_report:
    input:
        "results/rsssm/report/rounds.tsv",


rule joint:
    input:
        networks_a=A.networks_a,
        cubes_a=A.cubes_a,
        networks_b=A.networks_b,
        cubes_b=A.cubes_b,
    output:
        "results/rsssm/joint/{joint}/{tile}.json",
    log:
        "logs/joint/{joint}/{tile}.log",
    benchmark:
        "benchmarks/joint/{joint}/{tile}.tsv"
    wildcard_constraints:
        joint=A.joint_names(),
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=A.joint_spec,
        code=W.code("joint"),
    shell:
        "rssm joint {wildcards.joint} {wildcards.tile}"
        " --networks_a {input.networks_a} --cubes_a {input.cubes_a}"
        " --networks_b {input.networks_b} --cubes_b {input.cubes_b}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule joint_table:
    input:
        tiles=A.joint_tiles,
    output:
        "results/rsssm/report/joint_{joint}.tsv",
    log:
        "logs/joint_table/{joint}.log",
    benchmark:
        "benchmarks/joint_table/{joint}.tsv"
    wildcard_constraints:
        joint=A.joint_names(),
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=W.code("joint"),
    shell:
        "rssm joint-table {wildcards.joint} --tiles {input.tiles} --out {output} 2> {log}"


rule lai_joint:
    input:
        A.joint_tables(),


for round_name in SCOPE.plan.rounds:

    rule:
        name:
            f"round{round_name}"
        input:
            W.round_maps(round_name),
