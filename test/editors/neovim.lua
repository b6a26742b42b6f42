-- Opens SOURCE_FILE as a user does, waits for the finding, asks for the hover, applies the first code action, writes what it saw to RESULT.
local seen = { diagnostics = {}, hover = '', buffer = '' }

local function finish()
  local file = assert(io.open(os.getenv('RESULT'), 'w'))
  file:write(vim.fn.json_encode(seen))
  file:close()
  vim.cmd('qa!')
end

local ok, problem = pcall(function()
  vim.cmd('filetype on')
  vim.cmd('edit ' .. vim.fn.fnameescape(os.getenv('SOURCE_FILE')))
  assert(vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 20), 'no diagnostics came')
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local line = vim.api.nvim_buf_get_lines(0, one.lnum, one.lnum + 1, true)[1]
    table.insert(seen.diagnostics, { line = one.lnum + 1, text = line:sub(one.col + 1, one.end_col), message = one.message })
  end
  local first = vim.diagnostic.get(0)[1]
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })

  vim.lsp.buf.hover()
  local function float()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then return window end
    end
  end
  assert(vim.wait(10000, function() return float() ~= nil end, 20), 'no hover came')
  seen.hover = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float()), 0, -1, true), '\n')
  vim.api.nvim_win_close(float(), true)

  vim.ui.select = function(items, _, choose) choose(items[1], 1) end
  vim.lsp.buf.code_action()
  local tick = vim.api.nvim_buf_get_changedtick(0)
  assert(vim.wait(10000, function() return vim.api.nvim_buf_get_changedtick(0) ~= tick end, 20), 'no edit came')
  seen.buffer = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n') .. '\n'
end)
if not ok then seen.problem = tostring(problem) end
finish()
