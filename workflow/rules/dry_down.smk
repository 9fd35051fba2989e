"""How fast the surface dries when no rain reaches it: part of `snakemake analysis`.

<results>/analysis/dry_down/years/{year}.nc   changes of soil moisture and rain of a year, by cells of 0.5°
<results>/analysis/dry_down/dry_down.nc       thresholds, declines, seasons and time constants of all cells
<results>/analysis/dry_down/dry_down.csv, .md the same by region
<results>/analysis/dry_down/figures/          SVG, PNG, and what they show as CSV or NetCDF
"""


rule dry_year:
    input:
        netcdf=DD.netcdf,
        rain=DD.rain_maps,
        leaves=DD.leaf_maps,
        land="<results>/given/land.tif",
    output:
        "<results>/analysis/dry_down/years/{year}.nc",
    log:
        "<logs>/dry_year/{year}.log",
    benchmark:
        "<benchmarks>/dry_year/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=DD.year_spec,
        code=DD.code("dry-year"),
    shell:
        "rssm dry-year {wildcards.year:q} --netcdf {input.netcdf:q} --rain {input.rain:q} --leaves {input.leaves:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule dry_down:
    input:
        years=DD.year_files,
    output:
        "<results>/analysis/dry_down/dry_down.nc",
    log:
        "<logs>/dry_down.log",
    benchmark:
        "<benchmarks>/dry_down.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=DD.spec,
        code=DD.code("dry-down"),
    shell:
        "rssm dry-down --years {input.years:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule dry_groups:
    input:
        found="<results>/analysis/dry_down/dry_down.nc",
        land="<results>/given/land.tif",
        climate=DD.climate,
    output:
        table="<results>/analysis/dry_down/dry_down.csv",
        page=report(
            "<results>/analysis/dry_down/dry_down.md",
            caption="../report/dry_down.rst",
            category="Dry-down",
        ),
    log:
        "<logs>/dry_groups.log",
    benchmark:
        "<benchmarks>/dry_groups.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=DD.groups_spec,
        code=DD.code("dry-groups"),
    shell:
        "rssm dry-groups --found {input.found:q} --land {input.land:q} --climate {input.climate:q}"
        " --spec {params.spec:q} --out {output.table:q} {output.page:q} 2> {log:q}"


rule dry_map:
    input:
        found="<results>/analysis/dry_down/dry_down.nc",
    output:
        report(
            "<results>/analysis/dry_down/figures/map.svg",
            caption="../report/dry_map.rst",
            category="Dry-down",
        ),
        "<results>/analysis/dry_down/figures/map.png",
        "<results>/analysis/dry_down/figures/map.nc",
    log:
        "<logs>/dry_map.log",
    benchmark:
        "<benchmarks>/dry_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=DD.spec,
        code=DD.code("dry-map"),
    shell:
        "rssm dry-map --found {input.found:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule dry_season:
    input:
        groups="<results>/analysis/dry_down/dry_down.csv",
    output:
        report(
            "<results>/analysis/dry_down/figures/season.svg",
            caption="../report/dry_season.rst",
            category="Dry-down",
        ),
        "<results>/analysis/dry_down/figures/season.png",
        "<results>/analysis/dry_down/figures/season.csv",
    log:
        "<logs>/dry_season.log",
    benchmark:
        "<benchmarks>/dry_season.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=DD.code("dry-season"),
    shell:
        "rssm dry-season --groups {input.groups:q} --out {output:q} 2> {log:q}"


rule dry_level:
    input:
        groups="<results>/analysis/dry_down/dry_down.csv",
    output:
        report(
            "<results>/analysis/dry_down/figures/level.svg",
            caption="../report/dry_level.rst",
            category="Dry-down",
        ),
        "<results>/analysis/dry_down/figures/level.png",
        "<results>/analysis/dry_down/figures/level.csv",
    log:
        "<logs>/dry_level.log",
    benchmark:
        "<benchmarks>/dry_level.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=DD.code("dry-level"),
    shell:
        "rssm dry-level --groups {input.groups:q} --out {output:q} 2> {log:q}"


rule dry_thresholds:
    input:
        groups="<results>/analysis/dry_down/dry_down.csv",
    output:
        report(
            "<results>/analysis/dry_down/figures/thresholds.svg",
            caption="../report/dry_thresholds.rst",
            category="Dry-down",
        ),
        "<results>/analysis/dry_down/figures/thresholds.png",
        "<results>/analysis/dry_down/figures/thresholds.csv",
    log:
        "<logs>/dry_thresholds.log",
    benchmark:
        "<benchmarks>/dry_thresholds.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=DD.code("dry-thresholds"),
    shell:
        "rssm dry-thresholds --groups {input.groups:q} --out {output:q} 2> {log:q}"
