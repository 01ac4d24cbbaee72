import type { AttributeValue, GraphNode, GraphParts, Initializer } from "./graph.ts";
import { MessageWriter } from "./protobuf-writer.ts";
import { elementTypes, type Tensor } from "./tensor.ts";

/* Field numbers: onnx.proto of ONNX 1.16. */
const irVersion = 9;
const opsetVersion = 18;
const microsoftVersion = 1;
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, floats: 6, ints: 7 };

/** Bytes of an .onnx file. */
export function encodeModel(graph: GraphParts): Uint8Array {
  const usesMicrosoft = graph.nodes.some(({ domain }) => domain !== "");
  const model = new MessageWriter().number(1, irVersion).text(2, "deltaflame");
  model.message(7, (message) => writeGraph(message, graph, "student-force-field"));
  model.message(8, (opset) => opset.text(1, "").number(2, opsetVersion));
  if (usesMicrosoft) model.message(8, (opset) => opset.text(1, "com.microsoft").number(2, microsoftVersion));
  return model.finish();
}

function writeGraph(message: MessageWriter, graph: GraphParts, name: string): void {
  for (const node of graph.nodes) message.message(1, (inner) => writeNode(inner, node));
  message.text(2, name);
  for (const initializer of graph.initializers) message.message(5, (inner) => writeInitializer(inner, initializer));
  for (const input of graph.inputs) message.message(11, (inner) => writeValue(inner, input));
  for (const output of graph.outputs) message.message(12, (inner) => writeValue(inner, output));
}

function writeNode(message: MessageWriter, node: GraphNode): void {
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name).text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, (attribute) => writeAttribute(attribute.text(1, name), value));
  }
  if (node.domain !== "") message.text(7, node.domain);
}

function writeAttribute(message: MessageWriter, value: AttributeValue): void {
  if (typeof value === "number") message.number(3, value).number(20, attributeTypes.int);
  else if (typeof value === "string") message.text(4, value).number(20, attributeTypes.string);
  else if ("graph" in value) {
    message.message(6, (graph) => writeGraph(graph, value.graph, "body")).number(20, attributeTypes.graph);
  } else if ("float" in value) message.float(2, value.float).number(20, attributeTypes.float);
  else {
    for (const item of value) message.number(8, item);
    message.number(20, attributeTypes.ints);
  }
}

function writeInitializer(message: MessageWriter, { name, type, shape, bytes }: Initializer): void {
  for (const size of shape) message.number(1, size);
  message.number(2, elementTypes[type]).text(8, name).bytes(9, bytes);
}

function writeValue(message: MessageWriter, { name, type, shape }: Tensor): void {
  message.text(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensor) => {
      tensor.number(1, elementTypes[type]).message(2, (shapeProto) => {
        for (const size of shape) {
          shapeProto.message(1, (dim) => {
            if (typeof size === "number") dim.number(1, size);
            else dim.text(2, size);
          });
        }
      });
    }),
  );
}
