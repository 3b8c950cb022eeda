import { Box, Globe } from 'lucide-react';
import type { Editor, View } from '../../workbench/view.ts';
import { EndpointEditor } from './endpoints/endpoint-editor.tsx';
import { ModelCommands } from './model-commands.tsx';
import { ModelEditor } from './model-editor.tsx';
import { ModelsSide } from './models-side.tsx';

/** Local GGUF models and remote endpoints. */
export const modelsView: View = {
  id: 'models',
  title: 'Models',
  icon: Box,
  command: 'go.models',
  Side: ModelsSide,
  Commands: ModelCommands,
};

export const modelEditor: Editor = { kind: 'model', icon: Box, Component: ModelEditor };
export const endpointEditor: Editor = { kind: 'endpoint', icon: Globe, Component: EndpointEditor };
