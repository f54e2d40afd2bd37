// Reads one book. Open Library calls what all editions of a book have in common a "work".
import type { GetBook } from "packwright:tools";

interface Reply {
  type?: { key?: string };
  location?: string; // where a merged record went
  title?: string;
  description?: string | { value?: string }; // older records wrap the text
  subjects?: string[];
  authors?: { author?: { key?: string } }[];
}

const LONGEST_DESCRIPTION = 2000; // as the output schema promises; a few records hold whole chapters
const MOST_SUBJECTS = 20; // some works carry hundreds, in many languages
const MOST_HOPS = 3; // merged records may point to merged records

export async function get_book(input: GetBook.Input, host: Host): Promise<GetBook.Output> {
  let work_id = input.work_id;
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const reply = await host.http.get(`https://openlibrary.org/works/${encodeURIComponent(work_id)}.json`);
    if (reply.status === 404) throw host.error("not_found", `no book has the id ${work_id}`);
    if (reply.status === 429) throw host.error("rate_limited", "Open Library asks us to slow down");
    if (reply.status !== 200) throw host.error("network_error", `Open Library answered ${reply.status}`);

    const work: Reply = reply.json();
    if (work.type?.key === "/type/delete") throw host.error("not_found", `the record ${work_id} was deleted`);
    if (work.type?.key === "/type/redirect") {
      // Not a redirect of HTTP but a record that says where its book is now.
      const next = /^\/works\/(OL[1-9][0-9]{0,11}W)$/.exec(work.location ?? "")?.[1];
      if (!next) throw host.error("unexpected_reply", `${work_id} leads to ${work.location ?? "nowhere"}`);
      work_id = next;
      continue;
    }
    if (!work.title) throw host.error("unexpected_reply", `the record ${work_id} has no title`);
    return describe(work_id, work.title, work);
  }
  throw host.error("unexpected_reply", `${input.work_id} was merged more than ${MOST_HOPS} times`);
}

function describe(work_id: string, title: string, work: Reply): GetBook.Output {
  const book: GetBook.Output = {
    work_id,
    title,
    subjects: (work.subjects ?? []).slice(0, MOST_SUBJECTS),
    author_ids: authorIds(work),
    url: `https://openlibrary.org/works/${work_id}`,
  };
  const text = typeof work.description === "string" ? work.description : work.description?.value;
  // Array.from splits by character, so that a cut never leaves half of one.
  if (text) book.description = Array.from(text).slice(0, LONGEST_DESCRIPTION).join("");
  return book;
}

function authorIds(work: Reply): string[] {
  const ids: string[] = [];
  for (const entry of work.authors ?? []) {
    const id = /^\/authors\/(OL[1-9][0-9]{0,11}A)$/.exec(entry.author?.key ?? "")?.[1];
    if (id) ids.push(id);
  }
  return ids;
}
