"""drvlint as actions: one for the facts of each source, one that links them, one that reports.

A comment that changes leaves the facts of its file as they are, so that nothing but the report is made again; a header is an input
of the sources that were found to read it.
"""

DrvlintInfo = provider(
    doc = "Sources of a library, for the drivers it is linked into.",
    fields = {
        "defines": "depset of NAME or NAME=VALUE",
        "headers": "depset of headers and other included files",
        "includes": "depset of include folders",
        "report": "what `drvlint merge` puts together",
        "sources": "depset of compiled files",
    },
)

def _split(define):
    name, equals, value = define.partition("=")
    return name, value if equals else "1"

def _include_folders(ctx):
    base = ctx.label.package
    return [("%s/%s" % (base, i) if base and i != "." else base if i == "." else i) or "." for i in ctx.attr.includes]

def _description(ctx, sources, headers, includes, defines):
    files = sorted([f.path for f in sources + headers])
    unit_settings = {
        "defines": {name: value for name, value in [_split(d) for d in defines]},
        "undefines": ctx.attr.undefines,
        "includeDirs": includes,
        "forcedIncludes": ctx.attr.forced_includes,
    }
    return json.encode_indent({
        "version": 1,
        "name": ctx.label.name,
        "why": "//%s:%s" % (ctx.label.package, ctx.label.name),
        "root": ctx.label.package or ".",
        "kind": ctx.attr.kind,
        "settings": {"arch": ctx.attr.arch, "defines": {}, "undefines": [], "knowledge": []},
        "units": [{"file": f.path, "settings": 0} for f in sources],
        "unitSettings": [unit_settings],
        "files": files,
        "includes": {"folders": includes, "top": ".", "files": files, "nearby": []},
        "index": 0,
        "total": 1,
    })

def _drvlint_library_impl(ctx):
    deps = [d[DrvlintInfo] for d in ctx.attr.deps]
    sources = depset(ctx.files.srcs, transitive = [d.sources for d in deps])
    headers = depset(ctx.files.hdrs, transitive = [d.headers for d in deps])
    includes = depset(_include_folders(ctx), transitive = [d.includes for d in deps])
    defines = depset(ctx.attr.defines, transitive = [d.defines for d in deps])
    tool = ctx.executable._drvlint
    build = ctx.file._build_id
    name = ctx.label.name

    project = ctx.actions.declare_file("%s.drvlint/project.json" % name)
    ctx.actions.write(project, _description(ctx, sources.to_list(), headers.to_list(), includes.to_list(), defines.to_list()))

    facts = []
    for source in sources.to_list():
        own = source.path.replace("/", "_")
        out = ctx.actions.declare_file("%s.drvlint/%s.facts" % (name, own))
        unused = ctx.actions.declare_file("%s.drvlint/%s.unused" % (name, own))
        ctx.actions.run(
            executable = tool,
            arguments = ["summarize", "--project", project.path, source.path, "--output", out.path, "--unused", unused.path],
            inputs = depset([project, source, build], transitive = [headers]),
            outputs = [out, unused],
            unused_inputs_list = unused,
            mnemonic = "DrvlintSummarize",
            progress_message = "drvlint: summarize %s" % source.short_path,
        )
        facts.append(out)

    rest = ctx.actions.declare_file("%s.drvlint/rest.facts" % name)
    args = ctx.actions.args().add_all(facts).use_param_file("@%s").set_param_file_format("shell")
    ctx.actions.run(
        executable = tool,
        arguments = ["summarize", "--rest", "--project", project.path, "--output", rest.path, args],
        inputs = depset(facts + [project, build], transitive = [headers]),
        outputs = [rest],
        mnemonic = "DrvlintSummarize",
        progress_message = "drvlint: summarize other files of %s" % name,
    )

    linked = ctx.actions.declare_file("%s.drvlint/linked.facts" % name)
    all_facts = ctx.actions.args().add_all(facts + [rest]).use_param_file("@%s").set_param_file_format("shell")
    ctx.actions.run(
        executable = tool,
        arguments = ["link", "--quiet", "--project", project.path, "--output", linked.path, all_facts],
        inputs = facts + [rest, project, build],
        outputs = [linked],
        mnemonic = "DrvlintLink",
        progress_message = "drvlint: link %s" % name,
    )

    partial = ctx.actions.declare_file("%s.drvlint/report.json" % name)
    text = ctx.actions.declare_file("%s.drvlint/report.txt" % name)
    status = ctx.actions.declare_file("%s.drvlint/status" % name)
    flags = (["--config", ctx.file.config.path] if ctx.file.config else ["--no-config"]) + ctx.attr.report_options
    ctx.actions.run_shell(
        # Findings are a result, not a failure: drvlint_test is what fails.
        command = "tool=$1 linked=$2 partial=$3 text=$4 status=$5; shift 5; " +
                  "\"$tool\" report \"$linked\" --quiet --partial \"$partial\" --format text --output \"$text\" \"$@\"; s=$?; echo $s > \"$status\"; test $s -le 1",
        arguments = [tool.path, linked.path, partial.path, text.path, status.path] + flags,
        tools = [tool],
        inputs = depset([linked, build] + ctx.files.config, transitive = [sources, headers]),
        outputs = [partial, text, status],
        mnemonic = "DrvlintReport",
        progress_message = "drvlint: report on %s" % name,
    )
    return [
        DefaultInfo(files = depset([text, partial]), runfiles = ctx.runfiles([text, status])),
        DrvlintInfo(sources = sources, headers = headers, includes = includes, defines = defines, report = partial),
        OutputGroupInfo(facts = depset(facts + [rest, linked]), status = depset([status]), text = depset([text]), partial = depset([partial])),
    ]

_TOOL = {
    "_build_id": attr.label(default = "@drvlint//:build-id", allow_single_file = True),
    "_drvlint": attr.label(default = "@drvlint//:drvlint.sh", allow_single_file = True, executable = True, cfg = "host"),
}

drvlint_library = rule(
    implementation = _drvlint_library_impl,
    attrs = dict(
        _TOOL,
        arch = attr.string(default = "amd64", values = ["amd64", "arm64", "x86"], doc = "Scale of interrupt levels."),
        config = attr.label(allow_single_file = [".json"], doc = "drvlint.config.json: rules and levels."),
        defines = attr.string_list(doc = "NAME or NAME=VALUE."),
        deps = attr.label_list(providers = [DrvlintInfo], doc = "Static libraries that are linked in; they are analysed with it."),
        forced_includes = attr.string_list(doc = "What /FI names."),
        hdrs = attr.label_list(allow_files = True, doc = "Headers, and code that other code includes."),
        includes = attr.string_list(doc = "Include folders, relative to the package."),
        kind = attr.string(default = "unknown", values = ["kernel", "user", "unknown"], doc = "What the code runs in."),
        report_options = attr.string_list(doc = "Options of `drvlint report`: [\"--preset\", \"all\"]."),
        srcs = attr.label_list(allow_files = [".c", ".cc", ".cpp", ".cxx"], doc = "Files that are compiled."),
        undefines = attr.string_list(doc = "Macros taken as not defined."),
    ),
    doc = "Analyses a driver or library: NAME.drvlint/report.txt and report.json (for drvlint merge).",
)

def _drvlint_test_impl(ctx):
    run = ctx.actions.declare_file(ctx.label.name + ".sh")
    found = ctx.attr.library[OutputGroupInfo]
    text, status = found.text.to_list()[0], found.status.to_list()[0]
    ctx.actions.write(run, "#!/bin/sh\ncat '%s'\nexit $(cat '%s')\n" % (text.short_path, status.short_path), is_executable = True)
    return [DefaultInfo(executable = run, runfiles = ctx.runfiles([text, status]))]

drvlint_test = rule(
    implementation = _drvlint_test_impl,
    test = True,
    attrs = {"library": attr.label(mandatory = True, providers = [DrvlintInfo])},
    doc = "Fails when drvlint has findings in the library, and prints them.",
)
