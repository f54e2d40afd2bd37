// Finds books. The types come from the schemas, so input and output need no checks of their own here:
// the host refuses an input that breaks its schema before this runs, and an output that does after it.
import type { SearchBooks } from "packwright:tools";

// The part of Open Library's answer that we ask for. A service may send less than it says, hence the `?`.
interface Reply {
  numFound?: number;
  docs?: {
    key?: string;
    title?: string;
    author_name?: string[];
    first_publish_year?: number;
    edition_count?: number;
  }[];
}

// Without `fields` a record is tens of kilobytes, most of it lists of editions.
const FIELDS = "key,title,author_name,first_publish_year,edition_count";

export async function search_books(input: SearchBooks.Input, host: Host): Promise<SearchBooks.Output> {
  const limit = input.limit ?? 5;
  const reply = await host.http.get("https://openlibrary.org/search.json", {
    // The host encodes these: a query like "Tom & Jerry?" stays one value.
    query: { q: input.query, limit: String(limit), fields: FIELDS },
  });
  if (reply.status === 429) throw host.error("rate_limited", "Open Library asks us to slow down");
  if (reply.status !== 200) throw host.error("network_error", `Open Library answered ${reply.status}`);

  const found: Reply = reply.json();
  if (!Array.isArray(found.docs)) throw host.error("unexpected_reply", "the answer has no list of records");

  const books: SearchBooks.Output["books"] = [];
  for (const doc of found.docs) {
    // A key looks like "/works/OL893415W". A record without one cannot be read later, so it is no result.
    const work_id = /^\/works\/(OL[1-9][0-9]{0,11}W)$/.exec(doc.key ?? "")?.[1];
    if (!work_id || !doc.title) continue;
    const book: SearchBooks.Output["books"][number] = { work_id, title: doc.title, authors: doc.author_name ?? [] };
    if (doc.first_publish_year !== undefined) book.first_publish_year = doc.first_publish_year;
    if (doc.edition_count !== undefined) book.edition_count = doc.edition_count;
    books.push(book);
    if (books.length === limit) break;
  }
  console.log(`${books.length} of ${found.numFound ?? "?"} records`);
  return { books, total: found.numFound ?? books.length };
}
