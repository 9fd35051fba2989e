"""Subnetworks → SIM-n maps → SIM-nT maps, which teach the next rounds."""


rule target_range:
    input:
        cubes=collect(
            "<results>/cubes/{variable}/{{tile}}.nc", variable=SCOPE.plan.primaries
        ),
    output:
        "<results>/ranges/{tile}.nc",
    log:
        "<logs>/target_range/{tile}.log",
    benchmark:
        "<benchmarks>/target_range/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.range_spec,
        code=code("target-range"),
    shell:
        "rssm target-range {wildcards.tile:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule simulate:
    input:
        networks=collect(
            "<learnt>/networks/{network}/{{tile}}.nc", network=W.networks_of_substep
        ),
        cubes=collect(
            "<results>/cubes/{variable}/{{tile}}.nc", variable=W.simulated_from
        ),
        checked=D.taken,  # in an extension: its networks are those of the edition
    output:
        passing(SCOPE.run.keep.simulated)("<results>/simulated/{substep}/{tile}.nc"),
    log:
        "<logs>/simulate/{substep}/{tile}.log",
    benchmark:
        "<benchmarks>/simulate/{substep}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500 + 150 * (SCOPE.run.chains - 1),
    params:
        spec=W.simulate_spec,
        code=code("simulate"),
    shell:
        "rssm simulate {wildcards.substep:q} {wildcards.tile:q} --networks {input.networks:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule join:
    input:
        simulated=collect(
            "<results>/simulated/{substep}/{{tile}}.nc", substep=W.substeps_of_round
        ),
    output:
        passing(SCOPE.run.keep.simulated)("<results>/joined/{round}/{tile}.nc"),
    log:
        "<logs>/join/{round}/{tile}.log",
    benchmark:
        "<benchmarks>/join/{round}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000 + 150 * (SCOPE.run.chains - 1),
    params:
        spec=W.join_spec,
        code=code("join"),
    shell:
        "rssm join {wildcards.round:q} {wildcards.tile:q} --simulated {input.simulated:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule mosaic:
    input:
        tiles=collect("<results>/joined/{{round}}/{tile}.nc", tile=SCOPE.tiles),
    output:
        maps=collect(
            "<results>/maps/SIM-{{round}}/SIM-{{round}}_{{year}}{step}.tif",
            step=W.steps_of_year("dekad"),
        ),
        index="<results>/maps/SIM-{round}/{year}.json",
    log:
        "<logs>/mosaic/{round}/{year}.log",
    benchmark:
        "<benchmarks>/mosaic/{round}/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000 + 300 * (SCOPE.run.chains - 1),
    params:
        spec=W.mosaic_spec,
        code=code("mosaic"),
    shell:
        "rssm mosaic {wildcards.round:q} {wildcards.year:q} --tiles {input.tiles:q}"
        " --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


rule target:
    input:
        maps="<results>/maps/SIM-{round}/{year}.json",
        ranges=collect("<learnt>/ranges/{tile}.nc", tile=SCOPE.tiles),
    output:
        maps=collect(
            "<results>/maps/SIM-{{round}}T/SIM-{{round}}T_{{year}}{step}.tif",
            step=W.steps_of_year("dekad"),
        ),
        index="<results>/maps/SIM-{round}T/{year}.json",
    log:
        "<logs>/target/{round}/{year}.log",
    benchmark:
        "<benchmarks>/target/{round}/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000 + 100 * (SCOPE.run.chains - 1),
    params:
        spec=W.target_spec,
        code=code("target"),
    shell:
        "rssm target {wildcards.round:q} {wildcards.year:q} --maps {input.maps:q} --ranges {input.ranges:q}"
        " --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


rule round_report:
    input:
        joined=collect("<results>/joined/{{round}}/{tile}.nc", tile=SCOPE.tiles),
        maps=collect("<results>/maps/SIM-{{round}}/{year}.json", year=A.teaching_years),
        targets=collect(
            "<results>/maps/SIM-{{round}}T/{year}.json", year=A.teaching_years
        ),
    output:
        "<results>/report/rounds/{round}.json",
    log:
        "<logs>/round_report/{round}.log",
    benchmark:
        "<benchmarks>/round_report/{round}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=A.report_spec,
        code=code("round-report"),
    shell:
        "rssm round-report {wildcards.round:q} --joined {input.joined:q} --maps {input.maps:q} --targets {input.targets:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule rounds_table:
    input:
        reports=collect(
            "<results>/report/rounds/{round}.json", round=SCOPE.rounds_wanted()
        ),
    output:
        "<results>/report/rounds.tsv",
    log:
        "<logs>/rounds_table.log",
    benchmark:
        "<benchmarks>/rounds_table.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code("rounds-table"),
    shell:
        "rssm rounds-table --reports {input.reports:q} --out {output:q} 2> {log:q}"


rule rounds_report:
    input:
        "<results>/report/rounds.tsv",


# A data set without any value is refused here, so that no run of nothing ends as a success.
rule land_share:
    input:
        indices=collect("<results>/maps/{map_year}.json", map_year=W.native_map_years()),
        simulated=collect("<results>/maps/{map_year}.json", map_year=MAPS_WANTED),
    output:
        "<results>/report/land_share.tsv",
    log:
        "<logs>/land_share.log",
    benchmark:
        "<benchmarks>/land_share.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=A.share_spec,
        code=code("land-share"),
    shell:
        "rssm land-share --indices {input.indices:q} --simulated {input.simulated:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule joint:
    input:
        networks_a=collect(
            "<learnt>/networks/{network}/{{tile}}.nc", network=A.networks_a
        ),
        cubes_a=collect("<results>/cubes/{variable}/{{tile}}.nc", variable=A.cubes_a),
        networks_b=collect(
            "<learnt>/networks/{network}/{{tile}}.nc", network=A.networks_b
        ),
        cubes_b=collect("<results>/cubes/{variable}/{{tile}}.nc", variable=A.cubes_b),
    output:
        "<results>/joint/{joint}/{tile}.json",
    log:
        "<logs>/joint/{joint}/{tile}.log",
    benchmark:
        "<benchmarks>/joint/{joint}/{tile}.tsv"
    wildcard_constraints:
        joint=A.joint_names(),
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=A.joint_spec,
        code=code("joint"),
    shell:
        "rssm joint {wildcards.joint:q} {wildcards.tile:q}"
        " --networks_a {input.networks_a:q} --cubes_a {input.cubes_a:q}"
        " --networks_b {input.networks_b:q} --cubes_b {input.cubes_b:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule joint_table:
    input:
        tiles=collect("<results>/joint/{{joint}}/{tile}.json", tile=SCOPE.tiles),
    output:
        "<results>/report/joint_{joint}.tsv",
    log:
        "<logs>/joint_table/{joint}.log",
    benchmark:
        "<benchmarks>/joint_table/{joint}.tsv"
    wildcard_constraints:
        joint=A.joint_names(),
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code("joint-table"),
    shell:
        "rssm joint-table {wildcards.joint:q} --tiles {input.tiles:q} --out {output:q} 2> {log:q}"


rule lai_joint:
    input:
        collect(
            "<results>/report/joint_{joint}.tsv",
            joint=[joint.name for joint in SCOPE.joints],
        ),


for round_name in SCOPE.plan.rounds:

    rule:
        name:
            f"round{round_name}"
        input:
            collect(
                "<results>/maps/{map_year}.json",
                map_year=W.round_map_years(round_name),
            ),
