-- The language server in Neovim, 0.7 and newer.

local M = {}

local clients = {} -- root -> id, for Neovim 0.7, which has no `vim.lsp.start`

local function root_of(file)
  local exists = (vim.uv or vim.loop).fs_stat
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local at = folder
  while not exists(at .. '/anim.toml') and not exists(at .. '/.git') do
    local above = vim.fn.fnamemodify(at, ':h')
    if above == at then return folder end
    at = above
  end
  return at
end

local function config_for(root)
  return {
    name = 'anim',
    cmd = { vim.fn['anim#command'](), 'lsp' },
    root_dir = root,
    capabilities = vim.g.anim_capabilities or vim.lsp.protocol.make_client_capabilities(),
    settings = { anim = vim.g.anim_settings or vim.empty_dict() },
    on_exit = function() clients[root] = nil end,
  }
end

--- Attaches the server to a buffer, by default the current one; starts it if it does not run yet.
function M.attach(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  if vim.fn.executable(vim.fn['anim#command']()) == 0 then
    vim.notify_once('anim was not found: install it with `pip install anim`, or set g:anim_path', vim.log.levels.WARN)
    return
  end
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  if vim.lsp.start then
    vim.lsp.start(config_for(root), { bufnr = buffer })
    return
  end
  clients[root] = clients[root] or vim.lsp.start_client(config_for(root))
  if not clients[root] then return end
  vim.lsp.buf_attach_client(buffer, clients[root])
  vim.api.nvim_buf_call(buffer, function()
    vim.bo.omnifunc = 'v:lua.vim.lsp.omnifunc'
    vim.bo.formatexpr = 'v:lua.vim.lsp.formatexpr()'
  end)
end

--- The code of the mistake on the cursor's line, nearest to the cursor, or nil.
function M.code_here()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local best, distance
  for _, found in ipairs(vim.diagnostic.get(0, { lnum = line - 1 })) do
    local code = found.code or vim.tbl_get(found, 'user_data', 'lsp', 'code')
    local away = math.abs(found.col - column)
    if code and (not distance or away < distance) then
      best, distance = tostring(code), away
    end
  end
  return best
end

return M
