package tongue

import "slices"

// typesetting says how a language is set: its quotation marks, how dialogue is
// marked, and what differs from English in spaces, marks and numbers.
//
// Quotation marks are those of CLDR 48 (delimiters) unless a comment beside the
// entry names who asks for others: CLDR gives what computers show, which is
// not always what books print. Marks and spaces are those of the languages' own
// authorities, named at the head of each group.
func typesetting() []rule {
	return slices.Concat(romance(), germanic(), slavic(), otherEuropean(), eastAsian(), southAsian(), nearEastern(), african())
}

// French: Lexique des règles typographiques en usage à l'Imprimerie nationale;
// fr-CA: Office québécois de la langue française; fr-CH: Guide du typographe
// (Lausanne). Spanish: Ortografía de la lengua española (RAE, 2010), which puts
// «» first. Italian: Serianni, Grammatica. Portuguese: Acordo Ortográfico and
// the publishers' travessão. Catalan: Institut d'Estudis Catalans, Ortografia.
// Romanian: DOOM3. Galician: Normas (RAG), which put «» first.
func romance() []rule {
	return []rule{
		{"fr", "Quotation marks « … » with narrow no-break spaces (U+202F) inside, nested “…”; U+202F before ; ! ? and a no-break space (U+00A0) before :; dialogue lines begin with an em dash —; accents on capitals; decimal comma; typographic apostrophe ’."},
		{"fr-CA", "Quotation marks « … » with no-break spaces (U+00A0) inside, nested “…”; U+00A0 before :, no space before ; ! ?; dialogue lines begin with —; accents on capitals; decimal comma; apostrophe ’."},
		{"fr-CH", "Quotation marks «…» with narrow no-break spaces (U+202F) inside, nested ‹…›; U+202F before ; : ! ?; dialogue lines begin with —; accents on capitals; apostrophe ’."},
		{"es", "Open questions and exclamations with ¿ and ¡; quotation marks «…», nested “…”; dialogue lines begin with a raya — closed up to the word, which also sets off who speaks; decimal comma; lower-case months, days and languages."},
		{"es-419", "Open questions and exclamations with ¿ and ¡; quotation marks “…”, nested ‘…’; dialogue lines begin with a raya — closed up to the word, which also sets off who speaks; lower-case months, days and languages."},
		{"pt", "Quotation marks “…”, nested ‘…’; dialogue lines begin with a travessão — and a space; decimal comma; lower-case months, days and languages."},
		{"pt-PT", "Quotation marks «…», nested “…”; dialogue lines begin with a travessão — and a space; decimal comma; lower-case months, days and languages."},
		{"it", "Quotation marks «…» without spaces inside, nested “…”; typographic apostrophe ’ without a space after it; È, not E’; perché with an acute accent; decimal comma; lower-case months, days and languages."},
		{"it-CH", "Quotation marks «…» without spaces inside, nested “…”; typographic apostrophe ’; È, not E’; lower-case months, days and languages."},
		{"ca", "Quotation marks «…», nested “…”; no ¿ or ¡; dialogue lines begin with — closed up to the word; l·l with the middle dot (U+00B7); apostrophe ’; decimal comma."},
		{"gl", "Quotation marks «…», nested “…”; question and exclamation marks close only, unless the sentence is unclear; dialogue lines begin with — closed up to the word; decimal comma."},
		{"ro", "Quotation marks „…”, nested «…»; dialogue lines begin with — and a space; ș and ț with a comma below (U+0219, U+021B), never a cedilla; decimal comma."},
		{"oc", "Quotation marks « … » with no-break spaces inside; dialogue lines begin with —; apostrophe ’; decimal comma."},
		{"rm", "Quotation marks «…», nested ‹…›; typographic apostrophe ’."},
		{"ht", "Quotation marks « … » or “…”, the same throughout; dialogue lines begin with —; no apostrophes for elided pronouns (m ap, not m’ap)."},
	}
}

// English: New Hart's Rules (British), The Chicago Manual of Style (American).
// German: Duden; de-CH: Bundeskanzlei, Schreibweisungen. Dutch: Taalunie, and
// Renkema's Schrijfwijzer for ‘…’. Danish: Retskrivningsordbogen, whose »…« is
// what books print. Norwegian: Språkrådet. Swedish: Svenska skrivregler.
// Icelandic: Ritreglur.
func germanic() []rule {
	return []rule{
		{"en", "Quotation marks “…”, nested ‘…’; apostrophe ’."},
		{"en-US", "Quotation marks “…”, nested ‘…’, with commas and periods inside them; serial comma; em dash — without spaces; apostrophe ’; decimal point."},
		{"en-GB", "Quotation marks ‘…’, nested “…”, with punctuation outside unless it belongs to the quotation; spaced en dash – for breaks; apostrophe ’; decimal point; Mr and Dr without a point."},
		{"de", "Quotation marks „…“, nested ‚…‘; spaced en dash – for breaks; apostrophe ’ but none in plain genitives; all nouns capitalised; decimal comma; no comma before „und“ in lists."},
		{"de-CH", "Quotation marks «…» without spaces, nested ‹…›; spaced en dash –; decimal comma, thousands with ’ (10’000); all nouns capitalised."},
		{"nl", "Quotation marks ‘…’, nested “…”; apostrophe ’ (’s avonds); IJ capitalised as a whole; spaced en dash –; decimal comma; lower-case months and days."},
		{"sv", "Quotation marks ”…” (the same mark on both sides), nested ’…’; dialogue lines may begin with an en dash – and a space; spaced en dash for breaks; decimal comma, thousands with a no-break space; lower-case months, days and languages."},
		{"da", "Quotation marks »…« pointing inwards, nested ›…‹; dialogue may begin with an en dash – and a space; spaced en dash; decimal comma; no capitals for months, days and languages."},
		{"nb", "Quotation marks «…», nested ‘…’; dialogue may begin with an en dash – and a space; spaced en dash; decimal comma; no capitals for months, days and languages."},
		{"no", "Quotation marks «…», nested ‘…’; dialogue may begin with an en dash – and a space; spaced en dash; decimal comma; no capitals for months, days and languages."},
		{"nn", "Quotation marks «…», nested ‘…’; dialogue may begin with an en dash – and a space; spaced en dash; decimal comma; no capitals for months, days and languages."},
		{"is", "Quotation marks „…“, nested ‚…‘; decimal comma; lower-case months, days and languages."},
		{"af", "Quotation marks “…”, nested ‘…’; the article ’n with an apostrophe, never capitalised; decimal comma."},
		{"lb", "Quotation marks „…“, nested ‚…‘; apostrophe ’ (d’Kanner); nouns capitalised; decimal comma."},
		{"fy", "Quotation marks ‘…’ or “…”, the same throughout; apostrophe ’; decimal comma."},
		{"fo", "Quotation marks “…”, nested ‘…’; decimal comma; lower-case months, days and languages."},
		{"yi", "Quotation marks „…“; pointed YIVO spelling (אַ, אָ, פֿ); Yiddish text runs right to left."},
	}
}

// Russian: Milchin and Cheltsova, Справочник издателя и автора. Ukrainian:
// Правопис 2019. Polish: Zasady pisowni (PWN). Czech: ÚJČ, Internetová jazyková
// příručka. Slovak: Pravidlá slovenského pravopisu. Croatian: IHJJ, Hrvatski
// pravopis, with „…” where CLDR has „…“. Slovenian: Slovenski pravopis, with the
// »…« that books print. Serbian: Matica srpska, Pravopis. Bulgarian: БАН.
func slavic() []rule {
	dashed := "; dialogue lines begin with — and a space; "
	return []rule{
		{"ru", "Quotation marks «…», nested „…“" + dashed + "spaced em dash — for breaks and for a missing “is”; write ё only where it is needed to read; decimal comma; lower-case months, days and languages."},
		{"uk", "Quotation marks «…», nested „…“" + dashed + "spaced em dash —; apostrophe ’ (п’ять); keep ґ; decimal comma; lower-case months, days and languages."},
		{"be", "Quotation marks «…», nested „…“" + dashed + "spaced em dash —; apostrophe ’; ў after vowels; decimal comma."},
		{"bg", "Quotation marks „…“" + dashed + "spaced en dash – for breaks; й and ѝ with their marks; decimal comma; lower-case months, days and languages."},
		{"mk", "Quotation marks „…“, nested ’…‘" + dashed + "ѓ, ќ, ѐ, ѝ with their marks; decimal comma."},
		{"sr-Cyrl", "Quotation marks „…”, nested ’…’" + dashed + "foreign names transcribed into Serbian; decimal comma; lower-case months, days and languages."},
		{"sr-Latn", "Quotation marks „…”, nested ’…’" + dashed + "foreign names transcribed into Serbian; decimal comma; lower-case months, days and languages."},
		{"hr", "Quotation marks „…”, nested ‘…’" + dashed + "spaced en dash – for breaks; decimal comma; ordinals with a point (3.); lower-case months, days and languages."},
		{"bs", "Quotation marks „…”, nested ‘…’" + dashed + "ijekavian; decimal comma; lower-case months, days and languages."},
		{"sl", "Quotation marks »…« pointing inwards, nested ›…‹; spaced en dash – for breaks; decimal comma; ordinals with a point (3.); lower-case months, days and languages."},
		{"pl", "Quotation marks „…”, nested «…»; dialogue lines begin with — and a space, and so does who speaks; spaced dash; no one-letter word torn from the next; decimal comma; lower-case months, days and languages."},
		{"cs", "Quotation marks „…“, nested ‚…‘; spaced en dash –; no-break space (U+00A0) after k, s, v, z, o, u, a, i; decimal comma; ordinals with a point (3.); lower-case months, days and languages."},
		{"sk", "Quotation marks „…“, nested ‚…‘; dialogue lines may begin with – and a space; spaced en dash –; no-break space (U+00A0) after k, s, v, z, o, u, a, i; decimal comma; ordinals with a point (3.)."},
	}
}

// Hungarian: AkH. 12 (MTA). Greek: Triantafyllidis. Finnish: Kielikello,
// Kielitoimiston ohjepankki. Estonian: EKI. Lithuanian: VLKK. Turkish: TDK,
// Yazım Kılavuzu. Basque: Euskaltzaindia. Irish: An Caighdeán Oifigiúil.
// Georgian and Armenian: their alphabets' own marks, Unicode ch. 7.
func otherEuropean() []rule {
	return []rule{
		{"fi", "Quotation marks ”…” (the same mark on both sides), nested ’…’; dialogue may begin with an en dash – and a space; spaced en dash; decimal comma, thousands with a no-break space; lower-case months, days and languages."},
		{"et", "Quotation marks „…“, nested ‚…‘; dialogue is quoted; spaced en dash –; decimal comma; ordinals with a point (3.); lower-case months, days and languages."},
		{"lv", "Quotation marks “…”, nested ‘…’; dialogue lines may begin with an en dash – and a space; spaced en dash; decimal comma; ordinals with a point (3.); lower-case months and days."},
		{"lt", "Quotation marks „…“; dialogue lines begin with an en dash – and a space; spaced en dash; foreign names take Lithuanian endings; decimal comma; lower-case months, days and languages."},
		{"hu", "Quotation marks „…”, nested »…«; dialogue lines begin with an en dash – and a space, and who speaks is set off by – too; decimal comma; family name first in Hungarian names; ordinals with a point (3.); lower-case months and days."},
		{"el", "Quotation marks «…», nested “…”; question mark ; and ano teleia · for a semicolon; dialogue lines begin with —; monotonic accents; decimal comma."},
		{"tr", "Quotation marks “…”, nested ‘…’; dialogue lines may begin with — and a space; apostrophe ’ before case endings of proper names (Ankara’da); İ/i and I/ı kept apart; decimal comma; % before the number."},
		{"sq", "Quotation marks “…”, nested ‘…’; dialogue lines begin with – and a space; ë and ç written out; decimal comma; lower-case months, days and languages."},
		{"eu", "Quotation marks «…», nested “…”; dialogue lines begin with – or — closed up to the word; decimal comma; lower-case months, days and languages."},
		{"ga", "Quotation marks “…”, nested ‘…’; síneadh fada on capitals too; h prefixed lower-case (hÉireann) and mutations lower-case before capitals (i mBaile)."},
		{"gd", "Quotation marks “…”, nested ‘…’; grave accents only (à, ò); apostrophe ’."},
		{"cy", "Quotation marks “…”, nested ‘…’; circumflex on ŵ and ŷ; apostrophe ’ (a’r, i’r)."},
		{"br", "Quotation marks « … » with no-break spaces inside, nested “…”; c’h with an apostrophe; decimal comma."},
		{"mt", "Quotation marks “…”, nested ‘…’; ċ, ġ, ħ, ż written out; hyphen after the article (il-, ix-)."},
		{"eo", "Quotation marks “…”, nested «…»; ĉ, ĝ, ĥ, ĵ, ŝ, ŭ written out, no x or h spelling; decimal comma."},
		{"la", "Quotation marks “…”, nested ‘…’; no macrons unless the source has them."},
		{"ka", "Quotation marks „…“, nested «…»; dialogue lines begin with — and a space; no capitals; decimal comma."},
		{"hy", "Quotation marks «…»; full stop ։ (U+0589), comma ,, ՝ for a pause; question ՞, exclamation ՜ and emphasis ՛ above the last vowel of the word, not at the sentence's end; dialogue lines begin with —."},
		{"az", "Quotation marks “…”, nested ‘…’; dialogue lines begin with — and a space; İ/i and I/ı kept apart; decimal comma."},
		{"kk", "Quotation marks «…», nested “…”; dialogue lines begin with — and a space; decimal comma."},
		{"ky", "Quotation marks «…», nested „…“; dialogue lines begin with — and a space; decimal comma."},
		{"uz", "Quotation marks “…”; dialogue lines begin with — and a space; decimal comma."},
		{"uz-Cyrl", "Quotation marks «…»; dialogue lines begin with — and a space; decimal comma."},
		{"tk", "Quotation marks “…”; dialogue lines begin with — and a space; decimal comma."},
		// Books in the two print «», as Russian ones do; CLDR has “”.
		{"tg", "Quotation marks «…»; dialogue lines begin with — and a space; decimal comma."},
		{"tt", "Quotation marks «…»; dialogue lines begin with — and a space; decimal comma."},
		{"mn", "Quotation marks “…”, nested ‘…’; dialogue lines begin with an en dash – and a space; decimal point."},
	}
}
