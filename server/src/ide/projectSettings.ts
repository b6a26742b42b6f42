import { type Project, projectFolders } from '../program/project';
import { relativeTo } from './kernels';
import type { HostSettings } from './settings';

/** The user's settings with those of the project file below them: what the user sets for himself wins. `root`: of the kernel tree around. */
export function withProject(settings: HostSettings, project: Project | undefined, root: string | undefined): HostSettings {
  if (project === undefined) return settings;
  const base = root ?? settings.kernelRoot ?? project.tree;
  const pathOf = (folder: string): string => {
    const absolute = folder === '' ? project.folder : `${project.folder}/${folder}`;
    return absolute === base ? '' : relativeTo(base, absolute);
  };
  return {
    ...settings,
    kernelVersion: settings.kernelVersion ?? project.kernel,
    kernelRoot: settings.kernelRoot ?? project.tree,
    kernelConfig: settings.kernelConfig ?? project.config,
    showPossible: settings.showPossible || project.possible,
    folders: projectFolders(project, settings.severities, pathOf),
    ...(project.baseline && { known: project.baseline }),
  };
}
