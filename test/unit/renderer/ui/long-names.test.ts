import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { LongName } from "../../../../renderer/names/LongName.tsx";
import { shortName } from "../../../../renderer/names/short-name.ts";
import { type NamePiece, tellApart } from "../../../../renderer/names/tell-apart.ts";

test("a name with line breaks is one line", () => {
  const pieces = ["a\n", "\tb"].map((text) => ({ text, isKept: true }));
  const lines = [pieces, [{ text: "a\n\tb", isKept: false }]].map((each) =>
    renderToStaticMarkup(createElement(LongName, { pieces: each, whole: "a b" })),
  );
  expect(lines.join("")).not.toMatch(/[\n\t]/);
});

describe("short names", () => {
  test.each([
    [
      "void at::native::vectorized_elementwise_kernel<4, at::native::CUDAFunctor_add<float>, at::detail::Array<char*, 3> >(int, at::native::CUDAFunctor_add<float>, at::detail::Array<char*, 3>)",
      "vectorized_elementwise_kernel<4, CUDAFunctor_add<float>, Array<char*, 3>>",
    ],
    [
      "void at::native::vectorized_elementwise_kernel<4, at::native::BinaryFunctor<float, float, float, at::native::(anonymous namespace)::threshold_kernel_impl<float>(at::TensorIteratorBase&, float, float)::{lambda(float, float)#1}>, at::detail::Array<char*, 3> >(int)",
      "vectorized_elementwise_kernel<4, BinaryFunctor<float, float, float, threshold_kernel_impl<float>::{lambda#1}>, Array<char*, 3>>",
    ],
    [
      "void at::native::k<at::native::(anonymous namespace)::clamp(at::TensorIteratorBase&)::{lambda()#1}::operator()() const::{lambda(float)#2}, 2>(int)",
      "k<clamp::{lambda#1}::operator()::{lambda#2}, 2>",
    ],
    [
      "void cudnn::ops::nchwToNhwcKernel<float, (cudnnKernelDataType_t)0>(cudnn::ops::params_t<float>, float*)",
      "nchwToNhwcKernel<float, (cudnnKernelDataType_t)0>",
    ],
    ["cask_cudnn_infer::computeBOffsetsKernel(cask_cudnn_infer::ComputeBOffsetsParams)", "computeBOffsetsKernel"],
    ["gemm::Kernel<float, 4>::run(int) const", "Kernel<float, 4>::run"],
    ["void cudnn::detail::dgrad_engine<…>(…)", "dgrad_engine<…>"],
    ["autograd::engine::evaluate_function: MmBackward0", "evaluate_function: MmBackward0"],
    ["core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "drop_in_place<Vec<u8>>"],
  ])("%s", (name, short) => expect(shortName(name)).toBe(short));

  test.each([
    "aten::mm",
    "ns::label:",
    "<built-in method run of Foo object at 0x7f>",
    "torch/nn/modules/module.py(1501): _call_impl",
    "Memcpy DtoD (Device -> Device)",
    "bool operator< <int>(A::B<int> const&)",
    "%fusion.3 = f32[8]{0} fusion(p0), calls=%a::b",
    "k<ns::A<float>(int)",
    "ns::f()>",
    "",
  ])("what is no signature stays: %s", (name) => expect(shortName(name)).toBe(name));

  test("takes any text, and is done at once with what is nested deeply", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."ab:<>(){} ,&*-") }), (name) => void shortName(name)));
    const deep = `f${"<a".repeat(100_000)}${">".repeat(100_000)}(int)`;
    expect(shortName(deep)).toBe(deep);
    expect(shortName(`f${"<n::a".repeat(600)}${">".repeat(600)}(int)`)).toContain("f<a<a");
  });
});

const textOf = (pieces: readonly NamePiece[]): string => pieces.map(({ text }) => text).join("");
/** What is left where there is room for nothing that is not kept. */
const leastOf = (pieces: readonly NamePiece[]): string =>
  pieces.map(({ text, isKept }) => (isKept ? text : "…")).join("");

describe("names that stand below one another", () => {
  const kernel = (functor: string): string =>
    `void at::native::vectorized_elementwise_kernel<4, at::native::BinaryFunctor<float, float, float, at::native::binary_internal::${functor}<float> >, at::detail::Array<char*, 3> >(int)`;

  test("keep the words that tell them apart", () => {
    const names = [kernel("MulFunctor"), kernel("AddFunctor"), "aten::multiply"];
    const piecesOf = tellApart(names);
    expect(names.map((name) => leastOf(piecesOf(name)))).toEqual([
      "vectorized…MulFunctor…",
      "vectorized…AddFunctor…",
      "aten…",
    ]);
    expect(textOf(piecesOf(kernel("MulFunctor")))).toBe(
      "vectorized_elementwise_kernel<4, BinaryFunctor<float, float, float, MulFunctor<float>>, Array<char*, 3>>",
    );
  });

  test("have their namespaces where their short ones are alike, and their parameters where these are", () => {
    const shown = (names: readonly string[]): readonly string[] => names.map((name) => textOf(tellApart(names)(name)));
    expect(shown(["void a::scale<float>(float*)", "void b::c::scale<float>(float*)", "void k<x::y>(int)"])).toEqual([
      "a::scale<float>",
      "b::c::scale<float>",
      "k<y>",
    ]);
    const overloads = ["void a::scale<float>(float*)", "void a::scale<float>(int*)"];
    expect(shown(overloads)).toEqual(overloads);
  });

  test("differ in what is kept of them, and lose no letter of what is shown", () => {
    const word = fc.constantFrom("alpha", "beta", "gamma", "float", "x", "12");
    const name = fc
      .array(fc.tuple(word, fc.constantFrom("_", "::", ", ", "<")), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.map(([text, sign]) => text + sign).join(""));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const piecesOf = tellApart(names);
        expect(names.map((each) => textOf(piecesOf(each)))).toEqual(names);
        expect(new Set(names.map((each) => leastOf(piecesOf(each)))).size).toBe(names.length);
      }),
    );
  });
});
