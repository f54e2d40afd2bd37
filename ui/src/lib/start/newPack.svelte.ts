/** The answers of the New pack dialog, and what is wrong with them as they are typed. */
import type { Failure, NewPackArg, NewPackView, Template } from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import { en } from "../strings/en";

/** The longest name that the pack format allows. */
const NAME_LENGTH = 63;

/** Why a text is no pack's name; `null` when it is one. */
export function nameComplaint(name: string): string | null {
  if (name === "") return en.newPack.nameEmpty;
  if (/[A-Z]/.test(name)) return en.newPack.nameCapitals(name.toLowerCase());
  const wrong = /[^a-z0-9-]/u.exec(name);
  if (wrong) return en.newPack.nameLetter(wrong[0]);
  if (/^-|-$/.test(name)) return en.newPack.nameDash;
  return name.length > NAME_LENGTH ? en.newPack.nameLong(NAME_LENGTH) : null;
}

/** Why a text is no service's address; `null` when it is one. */
export function addressComplaint(address: string): string | null {
  if (address === "") return en.newPack.addressEmpty;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(address))
    return en.newPack.addressWrong;
  return url.username || url.password ? en.newPack.addressSecret : null;
}

export class NewPack {
  #host: Host;
  #create: (wanted: NewPackArg) => Promise<Failure | null>;
  #view = $state.raw<NewPackView | null>(null);
  #templateId = $state<string | null>(null);
  #folder = $state.raw<{ path: string; shown: string } | null>(null);
  #address = $state<string | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #creating = $state(false);
  /** The author tried to create: what is empty is complained about from here on. */
  #tried = $state(false);
  name = $state("");
  description = $state("");

  #template = $derived(
    this.#view?.templates.find((each) => each.id === this.#templateId) ?? this.#view?.templates[0] ?? null,
  );
  #shownAddress = $derived(
    this.#template?.address == null ? null : (this.#address ?? this.#template.address),
  );

  constructor(host: Host, create: (wanted: NewPackArg) => Promise<Failure | null>) {
    this.#host = host;
    this.#create = create;
  }

  get templates(): readonly Template[] {
    return this.#view?.templates ?? [];
  }

  get ready(): boolean {
    return this.#view !== null;
  }

  get template(): Template | null {
    return this.#template;
  }

  get folder(): string {
    return this.#folder?.shown ?? this.#view?.shown ?? "";
  }

  /** The service's address; `null` when the template asks for none. */
  get address(): string | null {
    return this.#shownAddress;
  }

  set address(address: string) {
    this.#address = address;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get creating(): boolean {
    return this.#creating;
  }

  /** An empty name is no mistake before the author wants to create. */
  get nameProblem(): string | null {
    return this.name === "" && !this.#tried ? null : nameComplaint(this.name);
  }

  get addressProblem(): string | null {
    if (this.#shownAddress === null || (this.#shownAddress === "" && !this.#tried)) return null;
    return addressComplaint(this.#shownAddress);
  }

  async load(): Promise<void> {
    try {
      this.#view = await this.#host.call("new_pack_view", null);
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  choose(template: string): void {
    this.#templateId = template;
  }

  async pickFolder(): Promise<void> {
    try {
      const path = await this.#host.call("pick_folder", null);
      if (path !== null) this.#folder = { path, shown: path };
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  /** Makes the pack, unless an answer is wrong. Whatever fails, the answers stay. */
  async create(): Promise<void> {
    const template = this.#template;
    const folder = this.#folder?.path ?? this.#view?.folder;
    if (!template || folder === undefined || this.#creating) return;
    this.#tried = true;
    if (this.nameProblem || this.addressProblem) return;
    this.#creating = true;
    this.#failure = await this.#create({
      template: template.id,
      folder,
      name: this.name,
      description: this.description.trim(),
      address: this.#shownAddress,
    });
    this.#creating = false;
  }
}
