// A workspace that nobody has trusted yet: its Python environment is left alone until one does.
export const settings = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };

export async function play(window) {
  const seen = { untrusted: await window.message("Sightline"), status: await window.status("problem") };
  seen.restricted = await window.page.textContent(".statusbar-item[id='status.workspaceTrust']");
  await window.command("Workspaces: Manage Workspace Trust");
  await window.page.getByRole("button", { name: "Trust", exact: true }).click();
  seen.trusted = await window.status("ready");
  return seen;
}
