import { expectTypeOf, test } from "vitest";
import type * as contract from "../../../electron/contract/engine-contract.ts";
import type { CallTree } from "../../../traces/query/call-tree.ts";
import type { SpanLink } from "../../../traces/query/links.ts";
import type { Neighbor } from "../../../traces/query/neighbors.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import type { SpanBrief } from "../../../traces/query/span-brief.ts";
import type { SpanListPage } from "../../../traces/query/span-list.ts";
import type { TopColumn, TopPage, TopRow } from "../../../traces/query/top-table.ts";

test("queries answer in the words of the engine contract", () => {
  expectTypeOf<Scope>().toEqualTypeOf<contract.Scope>();
  expectTypeOf<TopRow>().toEqualTypeOf<contract.TopRow>();
  expectTypeOf<TopPage>().toEqualTypeOf<contract.TopPage>();
  expectTypeOf<TopColumn>().toEqualTypeOf<contract.TopColumn>();
  expectTypeOf<CallTree>().toEqualTypeOf<contract.CallTree>();
  expectTypeOf<SpanBrief>().toEqualTypeOf<contract.SpanBrief>();
  expectTypeOf<SpanListPage>().toEqualTypeOf<contract.SpanListPage>();
  expectTypeOf<SpanLink>().toEqualTypeOf<contract.SpanLink>();
  expectTypeOf<Neighbor>().toEqualTypeOf<contract.Neighbor>();
});
