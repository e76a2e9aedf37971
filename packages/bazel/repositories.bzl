"""The drvlint that is installed on this machine, as a repository: nothing is downloaded."""

_FIND = """
const path = require('path'), fs = require('fs');
const own = require('module').createRequire(fs.realpathSync(process.argv[1]));
const folder = path.dirname(own.resolve('@drvlint/project/package.json'));
console.log(fs.readFileSync(path.join(folder, 'dist/build-id'), 'utf8'));
"""

def _drvlint_local_impl(ctx):
    node = ctx.attr.node or ctx.which("node")
    if not node:
        fail("drvlint_local: there is no node on the PATH; give node = \"/path/to/node\"")
    tool = ctx.attr.drvlint or ctx.which("drvlint")
    if not tool:
        fail("drvlint_local: there is no drvlint on the PATH; give drvlint = \"/path/to/drvlint/bin/drvlint.js\"")
    found = ctx.execute([node, "-e", _FIND, tool])
    if found.return_code != 0:
        fail("drvlint_local: the build of %s cannot be told: %s" % (tool, found.stderr))

    # Another build of drvlint is another input of every action.
    ctx.file("build-id", found.stdout)
    ctx.file("drvlint.sh", "#!/bin/sh\n# drvlint build %s\nexec '%s' '%s' \"$@\"\n" % (found.stdout.strip(), node, tool), executable = True)
    ctx.file("BUILD.bazel", "exports_files([\"drvlint.sh\", \"build-id\"], visibility = [\"//visibility:public\"])\n")

drvlint_local = repository_rule(
    implementation = _drvlint_local_impl,
    attrs = {
        "drvlint": attr.string(doc = "Path of bin/drvlint.js; default: drvlint on the PATH."),
        "node": attr.string(doc = "Path of Node.js; default: node on the PATH."),
    },
    environ = ["PATH"],
    local = True,
    doc = "Makes @drvlint of an installed drvlint. `bazel sync --configure` looks at it again.",
)
