"""From cubes to the joined branches of a tile: seasonal cycles, networks, transfer, estimates.

<results>/cycles/{record}/{tile}.nc      the mean seasonal cycle of every channel, and the spread of departures from it;
                                         a record is a sensor's whole one, or what of it a branch learns from
<results>/samples/{branch}/{tile}.nc     rows that a branch learns from, or is judged on
<results>/networks/{branch}/{member}.nc  a network, with its scaling
<results>/calibration/{branch}.tsv        how large errors are on rows that no network saw
<results>/estimated/{branch}/{tile}.nc   what a branch says of every step
<results>/merged/{tile}.nc               both branches in one
"""


rule casm_cycle:
    input:
        cubes=W.cube_of_record,
    output:
        "<results>/cycles/{record}/{tile}.nc",
    log:
        "<logs>/casm_cycle/{record}/{tile}.log",
    benchmark:
        "<benchmarks>/casm_cycle/{record}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.cycle_spec,
        code=code("casm-cycle"),
    shell:
        "rssm casm-cycle {wildcards.record:q} {wildcards.tile:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_samples:
    input:
        cubes=W.cube_of_branch,
        cycles=W.cycles_of_branch,
        taught=W.cycles_taught,
        target=W.target,
        target_cycles="<learnt>/cycles/SMAP/{tile}.nc",
    output:
        "<results>/samples/{branch}/{tile}.nc",
    log:
        "<logs>/casm_samples/{branch}/{tile}.log",
    benchmark:
        "<benchmarks>/casm_samples/{branch}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.samples_spec,
        code=code("casm-samples"),
    shell:
        "rssm casm-samples {wildcards.branch:q} {wildcards.tile:q} --cubes {input.cubes:q} --cycles {input.cycles:q}"
        " --taught_cycles {input.taught:q} --target {input.target:q} --target_cycles {input.target_cycles:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_train:
    input:
        samples=W.samples,
        start=W.start,
    output:
        "<results>/networks/{branch}/{member}.nc",
    log:
        "<logs>/casm_train/{branch}/{member}.log",
    benchmark:
        "<benchmarks>/casm_train/{branch}/{member}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=W.memory_mb,
    params:
        spec=W.train_spec,
        code=code("casm-train"),
    shell:
        "rssm casm-train {wildcards.branch:q} {wildcards.member:q} --samples {input.samples:q} --start {input.start:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_calibrate:
    input:
        networks=W.networks,
        samples=W.samples,
    output:
        "<results>/calibration/{branch}.tsv",
    log:
        "<logs>/casm_calibrate/{branch}.log",
    benchmark:
        "<benchmarks>/casm_calibrate/{branch}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=W.memory_mb,
    params:
        spec=W.calibrate_spec,
        code=code("casm-calibrate"),
    shell:
        "rssm casm-calibrate {wildcards.branch:q} --networks {input.networks:q} --samples {input.samples:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_estimate:
    input:
        networks=W.networks,
        cubes=W.cube_of_branch,
        cycles=W.cycles_of_branch,
        target_cycles="<learnt>/cycles/SMAP/{tile}.nc",
        calibration="<learnt>/calibration/{branch}.tsv",
    output:
        "<results>/estimated/{branch}/{tile}.nc",
    log:
        "<logs>/casm_estimate/{branch}/{tile}.log",
    benchmark:
        "<benchmarks>/casm_estimate/{branch}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.estimate_spec,
        code=code("casm-estimate"),
    shell:
        "rssm casm-estimate {wildcards.branch:q} {wildcards.tile:q} --networks {input.networks:q} --cubes {input.cubes:q}"
        " --cycles {input.cycles:q} --target_cycles {input.target_cycles:q} --calibration {input.calibration:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_merge:
    input:
        estimated=W.estimated,
    output:
        passing(SCOPE.run.keep.simulated)("<results>/merged/{tile}.nc"),
    log:
        "<logs>/casm_merge/{tile}.log",
    benchmark:
        "<benchmarks>/casm_merge/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.merge_spec,
        code=code("casm-merge"),
    shell:
        "rssm casm-merge {wildcards.tile:q} --estimated {input.estimated:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule casm_report:
    input:
        calibration=W.calibrations(),
        merged=collect("<results>/merged/{tile}.nc", tile=SCOPE.tiles),
        cubes=collect("<results>/cubes/SMAP/{tile}.nc", tile=SCOPE.tiles),
        cycles=collect("<results>/cycles/SMAP/{tile}.nc", tile=SCOPE.tiles),
    output:
        "<results>/report/branches.tsv",
    log:
        "<logs>/casm_report.log",
    benchmark:
        "<benchmarks>/casm_report.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.branches_spec,
        code=code("casm-report"),
    shell:
        "rssm casm-report --calibration {input.calibration:q} --merged {input.merged:q} --cubes {input.cubes:q} --cycles {input.cycles:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
