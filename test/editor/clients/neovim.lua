-- Run by neovim.mjs: `nvim --headless -c 'luafile neovim.lua'` with SERVER (bin of the server) and FOLDER (a copy of the sample) set.
-- Shows diagnostics, hover and a quick fix the way a user gets them, and prints one line per check.

local failed = false
local function check(name, ok, detail)
  io.stdout:write((ok and 'ok ' or 'FAILED ') .. name .. (ok and '' or ': ' .. vim.inspect(detail)) .. '\n')
  failed = failed or not ok
end

local folder = os.getenv('FOLDER')
vim.cmd('edit ' .. folder .. '/dev.c')

-- As in docs/editors.md.
local client = vim.lsp.start_client({
  name = 'drvlint',
  cmd = { 'node', os.getenv('SERVER'), '--stdio' },
  root_dir = folder,
  settings = { drvlint = { debounce = 0 } },
})
vim.lsp.buf_attach_client(0, client)

local function wait_for(count)
  vim.wait(30000, function() return #vim.diagnostic.get(0) == count end, 50)
  return vim.diagnostic.get(0)
end

local found = wait_for(3)
check('three diagnostics', #found == 3, found)
local codes = {}
for _, d in ipairs(found) do codes[d.code or d.user_data.lsp.code] = d end
local high = codes['irql-too-high']
check('the IRQL error stands at the call', high and high.severity == vim.diagnostic.severity.ERROR and high.lnum == 18 and high.col == 4, high)
check('with its message', high and high.message:find("'KeWaitForSingleObject', which may be called at APC_LEVEL at most", 1, true) ~= nil, high)

local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  local answer = answers and answers[client]
  return answer and answer.result, answer and answer.err
end

vim.api.nvim_win_set_cursor(0, { 31, 6 })
local hover = request('textDocument/hover', vim.lsp.util.make_position_params())
local lines = hover and table.concat(vim.lsp.util.convert_input_to_markdown_lines(hover.contents), '\n') or ''
check('hover on a release: contract, level, where the lock was acquired',
  lines:find('IRQL: **DISPATCH_LEVEL**', 1, true) and lines:find('The IRQL is DISPATCH', 1, true) and lines:find('was acquired at', 1, true), lines)

local dpc = codes['use-decl-annotations']
vim.api.nvim_win_set_cursor(0, { dpc.lnum + 1, dpc.col })
local params = vim.lsp.util.make_range_params()
params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
local fix
for _, action in ipairs(request('textDocument/codeAction', params) or {}) do if action.isPreferred then fix = action end end
check('a quick fix is offered', fix ~= nil and fix.edit ~= nil, fix)
if fix then vim.lsp.util.apply_workspace_edit(fix.edit, 'utf-16') end
check('and applied to the buffer', vim.api.nvim_buf_get_lines(0, dpc.lnum, dpc.lnum + 1, false)[1] == '_Use_decl_annotations_', vim.api.nvim_buf_get_lines(0, 10, 16, false))
local after = wait_for(2)
check('after which the finding is gone', #after == 2, after)

vim.lsp.stop_client(client)
vim.wait(5000, function() return vim.lsp.get_client_by_id(client) == nil end, 50)
vim.cmd(failed and 'cquit 1' or 'qall!')
