import type { Flag, JsonText } from './columns.ts';

export interface LocalModelsTable {
  id: string;
  title: string;
  path: string;
  sha256: string;
  /** GgufInfo. */
  info: JsonText;
  context_size: number | null;
  gpu: string;
  threads: number | null;
  built_in: Flag;
  /** The file was uploaded into the data directory and goes with the model. */
  managed: Flag;
  added_at: string;
}

/** Model files that crashed too often, by hash. */
export interface SetAsideFilesTable {
  sha256: string;
  message: string;
  /** Another version of the product, with another llama.cpp, gives the file a new chance. */
  app_version: string;
  set_aside_at: string;
}

/** Environment variables that hold keys of endpoints. */
export interface EndpointVariablesTable {
  endpoint_id: string;
  variable: string;
  /** Where alone its value may be sent to. */
  origin: string | null;
}

/** What endpoints refused, for every model that was asked, added or not. */
export interface RefusedFieldsTable {
  model_id: string;
  endpoint_id: string;
  /** string[] */
  fields: JsonText;
}

/** Settings: '' of the computer itself, else how a person has things on it. */
export interface DeviceSettingsTable {
  person_id: string;
  key: string;
  value: JsonText;
}

/** What a person's windows remember. */
export interface WindowStateTable {
  person_id: string;
  key: string;
  value: JsonText;
}

/** What belongs to this computer, or to a person on it, and never leaves it; a file of its own. */
export interface DeviceTables {
  local_models: LocalModelsTable;
  set_aside_files: SetAsideFilesTable;
  endpoint_variables: EndpointVariablesTable;
  refused_fields: RefusedFieldsTable;
  device_settings: DeviceSettingsTable;
  window_state: WindowStateTable;
}
