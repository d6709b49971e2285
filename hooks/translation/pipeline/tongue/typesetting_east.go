package tongue

// Japanese: W3C JLREQ and the 内閣 公用文作成の考え方. Chinese: GB/T 15834-2011
// (mainland), 重訂標點符號手冊 (Taiwan). Korean: 한글 맞춤법, 문장 부호 (2015).
// Thai: ราชบัณฑิตยสภา, หลักเกณฑ์การใช้เครื่องหมายวรรคตอน. Indonesian: EYD V.
// Malay: Dewan Bahasa dan Pustaka. Vietnamese: dialogue as its publishers set it.
func eastAsian() []rule {
	return []rule{
		{"ja", "Quotation marks 「…」, nested and for titles 『…』; full-width 、。！？ and a full-width space after ！？ within a paragraph; no full stop before 」; …… and —— doubled; no spaces between sentences or around Latin words; foreign names in katakana with ・."},
		{"zh-Hans", "Full-width ，。：；！？、; quotation marks “…”, nested ‘…’; titles in 《…》; …… and —— doubled; no spaces between sentences; foreign names transcribed, with · between their parts."},
		{"zh-Hant", "Full-width ，。：；！？、; quotation marks 「…」, nested 『…』; titles in 《…》; …… and —— doubled; no spaces between sentences; foreign names transcribed, with ‧ between their parts."},
		{"zh-Hant-HK", "Full-width ，。：；！？、; quotation marks 「…」, nested 『…』; titles in 《…》; …… and —— doubled; no spaces; names by Hong Kong custom."},
		{"zh-Hant-MO", "Full-width ，。：；！？、; quotation marks 「…」, nested 『…』; titles in 《…》; …… and —— doubled; no spaces."},
		{"yue", "Full-width ，。：；！？、; quotation marks 「…」, nested 『…』; titles in 《…》; …… and —— doubled; no spaces."},
		{"ko", "Quotation marks “…” for dialogue, ‘…’ for thoughts and emphasis; half-width . , ? !; titles of books in 『…』 or 《…》; standard spacing of words (particles closed up); foreign names by 외래어 표기법."},
		{"th", "No full stop and no comma between clauses: put a space between sentences and clauses, none between words; quotation marks “…”, nested ‘…’; ๆ with a space on both sides; foreign names transcribed."},
		{"lo", "No full stop in running text: a space between sentences and clauses, none between words; quotation marks “…”."},
		{"km", "Full stop ។ (៕ ends a text); no spaces between words, one between phrases; quotation marks «…» or “…”, the same throughout."},
		{"my", "Full stop ။ and comma ၊; spaces between phrases, not words; quotation marks “…”, nested ‘…’; Unicode, never Zawgyi."},
		{"vi", "Quotation marks “…”, nested ‘…’; dialogue lines begin with an en dash – and a space; one placement of tone marks throughout (hòa); decimal comma; headings in sentence case."},
		{"id", "Quotation marks “…”, nested ‘…’; decimal comma, thousands with a point; di and ke apart as prepositions, joined as prefixes."},
		{"ms", "Quotation marks “…”, nested ‘…’; decimal point; di and ke apart as prepositions, joined as prefixes."},
		{"jv", "Quotation marks “…”, nested ‘…’; Latin letters; decimal comma."},
		{"su", "Quotation marks “…”, nested ‘…’; Latin letters with é and eu; decimal comma."},
		{"fil", "Quotation marks “…”, nested ‘…’; ng and nang kept apart; the linker -ng closed up; decimal point."},
		{"ceb", "Quotation marks “…”, nested ‘…’; decimal point."},
		{"mi", "Quotation marks ‘…’, nested “…”; long vowels with macrons (ā)."},
		{"haw", "Quotation marks “…”, nested ‘…’; ʻokina as ʻ (U+02BB); long vowels with macrons (ā)."},
		{"sm", "Quotation marks “…”; the glottal stop ‘ and macrons where a reader needs them."},
		{"bo", "Close clauses with ། and put ་ between syllables, no spaces between words; no Western punctuation."},
	}
}

// Marks are those of The Unicode Standard, chapters 12 and 13; quotation marks
// CLDR's.
func southAsian() []rule {
	danda := "Sentences end with the danda ।, questions with ?; quotation marks “…”, nested ‘…’; "
	point := "Sentences end with a full stop, no danda; quotation marks “…”, nested ‘…’; "
	return []rule{
		{"hi", danda + "Devanagari, numbers in the digits of the source; everyday Hindustani words before rare Sanskrit ones in narration."},
		{"ne", danda + "Devanagari; postpositions closed up to the word (घरमा)."},
		{"mr", point + "Devanagari; postpositions closed up to the word (घरात)."},
		{"sa", "Sentences end with the danda ।, verses with ॥; Devanagari with regular sandhi."},
		{"bn", danda + "postpositions and classifiers closed up to the word."},
		{"as", danda + "Assamese letters ৰ and ৱ, not Bengali র."},
		{"or", danda + "Odia script."},
		{"pa-Guru", danda + "Gurmukhi with addak and bindi where they are spoken."},
		{"pa-Arab", "Full stop ۔, comma ،, semicolon ؛, question mark ؟; quotation marks ”…“."},
		{"gu", point + "Gujarati script."},
		{"ta", point + "Grantha letters (ஜ, ஷ, ஸ, ஹ) only in foreign names and words."},
		{"te", point + "Telugu script."},
		{"kn", point + "Kannada script."},
		{"ml", point + "Malayalam script, with chillu letters."},
		{"si", point + "Sinhala script."},
		{"dv", "Thaana script, right to left; comma ،, semicolon ؛, question mark ؟; quotation marks “…”."},
		{"ur", "Full stop ۔ (U+06D4), comma ،, semicolon ؛, question mark ؟; quotation marks ”…“, nested ’…‘; Urdu letters ی ک ہ ھ ے, not the Arabic ones."},
		{"sd", "Arabic script of Sindhi; full stop ۔, comma ،, semicolon ؛, question mark ؟; quotation marks “…”."},
	}
}

// Arabic and Persian print «…» in books, where CLDR has ”…“ for Arabic; Persian:
// دستور خط فارسی (فرهنگستان). Hebrew: the Academy's כללי הפיסוק. Kurdish and
// Uyghur: CLDR.
func nearEastern() []rule {
	return []rule{
		{"ar", "Comma ،, semicolon ؛, question mark ؟; quotation marks «…», nested “…”; dialogue lines may begin with — ; no vowel marks unless a word would be misread; hamza and ى/ي written exactly; digits as in the source."},
		{"fa", "Comma ،, semicolon ؛, question mark ؟; quotation marks «…», nested ‹…›; Persian ی and ک, not Arabic ي and ك; zero-width non-joiner (U+200C) in می\u200cخواهم and کتاب\u200cها; foreign names transcribed."},
		{"ps", "Comma ،, semicolon ؛, question mark ؟; quotation marks «…»; Pashto letters (ټ ډ ړ ږ ښ ګ ڼ ې ۍ)."},
		{"ckb", "Comma ،, semicolon ؛, question mark ؟; quotation marks «…»; Kurdish letters with all vowels written (ە ێ ۆ ڕ ڵ), ک and ی."},
		{"ug", "Comma ،, semicolon ؛, question mark ؟; quotation marks «…», nested ‹…›; all vowels written."},
		{"he", "Quotation marks ”…” or \"…\", the same throughout, nested ’…’; gershayim ״ in abbreviations and geresh ׳ in foreign sounds; maqaf ־ as hyphen; unpointed full spelling; no vowel points unless the source is for children or verse."},
		{"ku", "Quotation marks “…”, nested ‘…’; ç, ê, î, ş, û written out."},
	}
}

// Amharic and Tigrinya: Ethiopic marks, Unicode ch. 19. The others: CLDR and
// their standard alphabets.
func african() []rule {
	return []rule{
		{"am", "Full stop ።, comma ፣, semicolon ፤, colon ፦, question mark ?; quotation marks «…», nested ‹…›; spaces between words, not ፡."},
		{"ti", "Full stop ።, comma ፣, semicolon ፤, question mark ?; quotation marks «…», nested “…”; spaces between words, not ፡."},
		{"sw", "Quotation marks “…”, nested ‘…’; ng’ with an apostrophe; decimal point."},
		{"so", "Quotation marks “…”, nested ‘…’; the glottal stop as ’; decimal point."},
		{"om", "Quotation marks “…”, nested ‘…’; the glottal stop as ’; double letters written out."},
		{"ha", "Quotation marks “…”, nested ‘…’; hooked letters ɓ, ɗ, ƙ, ’y; decimal point."},
		{"yo", "Quotation marks “…”, nested ‘…’; tone marks and dots below (ẹ, ọ, ṣ) written out."},
		{"ig", "Quotation marks “…”, nested ‘…’; dots below (ị, ọ, ụ, ṅ) written out."},
		{"zu", "Quotation marks “…”, nested ‘…’; capitals inside a word after a prefix (isiZulu, eThekwini)."},
		{"xh", "Quotation marks “…”, nested ‘…’; capitals inside a word after a prefix (isiXhosa, eKapa)."},
		{"st", "Quotation marks “…”, nested ‘…’; the orthography of South Africa unless the tag says Lesotho."},
		{"sn", "Quotation marks “…”, nested ‘…’; decimal point."},
		{"rw", "Quotation marks “…”, nested ‘…’; apostrophe ’ for elided vowels (n’abantu)."},
		{"ny", "Quotation marks “…”, nested ‘…’; decimal point."},
		{"wo", "Quotation marks « … »; ñ, ŋ, ë, é, ó written out."},
		{"mg", "Quotation marks « … » with no-break spaces inside; apostrophe ’ (an’ny); decimal comma."},
	}
}
