// The models that the server knows by name, as `sightline models list --json` tells them. Pure.

/** One of them; sizes in bytes. */
export interface Model {
  readonly name: string;
  readonly bytes: number;
  readonly memory: number;
  readonly dimensions: number;
  readonly licence: string;
  readonly here: boolean;
  readonly in_use: boolean;
  readonly fits: boolean;
  readonly remark: string;
}

/** The models in what the command printed; throws where that is something else. */
export function models(printed: string): readonly Model[] {
  const told = JSON.parse(printed) as { readonly models?: readonly Model[] };
  if (told.models === undefined) {
    throw new Error("The server's program does not list models.");
  }
  return told.models;
}

/** What a list says of a model: a word on its state, and a line on what it takes. */
export function described(model: Model): { readonly description: string; readonly detail: string } {
  const state = model.in_use
    ? "in use"
    : !model.fits
      ? model.remark
      : model.here
        ? "here"
        : `${size(model.bytes)} to fetch`;
  return {
    description: state,
    detail: `${model.dimensions} dimensions, ${size(model.memory)} of memory, ${model.licence}`,
  };
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
