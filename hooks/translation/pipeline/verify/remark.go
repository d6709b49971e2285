package verify

import "strings"

// remark refuses the model's own words around a translation: an announcement,
// a note, its reasoning, the wrapping of its answer, unless the source has the
// like.
func remark(source, translation string) string {
	begin := strings.TrimLeft(firstRunes(translation, 120), " \n\t\"'“*#")
	folded := strings.ToLower(begin)
	switch {
	case wrapping(source, folded, translation):
		return "it stood in the wrapping of an answer"
	case announced(source, folded):
		return "it began with words about the translation"
	case noted(source, translation):
		return "a note of the translator stood in it"
	}
	return ""
}

// wrapping reports whether parts of an answer's form or of a model's reasoning
// stand in a translation.
func wrapping(source, begin, translation string) bool {
	for _, mark := range [...]string{"<think>", "</think>", "<thinking>", "</thinking>", "<translation>", "</translation>", "<|im_", "<|end", "<|assistant", "<start_of_turn>", "<end_of_turn>", "[/inst]", "<reasoning>"} {
		if strings.Contains(translation, mark) && !strings.Contains(source, mark) {
			return true
		}
	}
	for _, mark := range [...]string{"```", "{\"id\"", "{\"blocks\"", "[{\"id\"", "{\"text\"", "{\"translation\"", "{ \"id\"", "{ \"blocks\""} {
		if strings.HasPrefix(begin, mark) && !strings.Contains(source, mark[:1]) {
			return true
		}
	}
	return false
}

// announced reports whether a translation begins with words about itself.
func announced(source, begin string) bool {
	head := strings.ToLower(firstRunes(source, 120))
	for phrase := range strings.SplitSeq(announcements(), "|") {
		if strings.HasPrefix(begin, phrase) {
			rest := begin[len(phrase):min(len(begin), len(phrase)+60)]
			end := strings.IndexAny(rest, ":：")
			return end >= 0 && newHaystack(rest[:end]).holdsAny(taskPhrases()) && !newHaystack(head).holdsAny(taskPhrases())
		}
	}
	for phrase := range strings.SplitSeq(labels(), "|") {
		if rest, ok := strings.CutPrefix(begin, phrase); ok {
			rest = strings.TrimLeft(rest, " *\u00a0")
			if strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") {
				return !strings.ContainsAny(head, ":：")
			}
		}
	}
	return false
}

// announcements begin a sentence that ends with a colon and the translation.
func announcements() string {
	return "here is the |here's the |here’s the |here is your|here's your|sure|certainly|of course|okay|below is |the |the following is |" +
		"hier ist |hier die |gerne! |natürlich! |voici |bien sûr|aquí está |aquí tienes |claro, |por supuesto|aqui está |ecco |certo! |вот перевод|конечно! |ось переклад|oto tłumaczenie|zde je |" +
		"다음은 |물론입니다|네, |以下は|はい、|もちろん|以下是|好的|当然|當然|这是|這是|işte |elbette|berikut |tentu|dưới đây là|đây là |إليك |هذه ترجمة|הנה |در اینجا |นี่คือ|यहाँ |hier is |här är |her er |tässä on |itt van |íme |ακολουθεί|εδώ είναι"
}

// labels stand before a translation, with a colon.
func labels() string {
	return "translation|translated text|translated|output|answer|english translation|korean translation|übersetzung|traduction|traducción|tradução|traduzione|перевод|переклад|tłumaczenie|překlad|preklad|번역|번역문|한국어 번역|" +
		"翻訳|訳文|訳|日本語訳|翻译|译文|中文翻译|翻譯|譯文|çeviri|terjemahan|bản dịch|dịch|الترجمة|ترجمة|תרגום|ترجمه|คำแปล|अनुवाद|vertaling|översättning|oversættelse|oversettelse|käännös|fordítás|μετάφραση|თარგმანი|traducere"
}

// noted reports whether a translator's note stands in a translation: named as
// one, or on a line of its own that the source has not.
func noted(source, translation string) bool {
	tail := newHaystack(lastRunes(translation, 1500))
	if tail.holdsAny(noteNames()) {
		about := newHaystack(source[:min(len(source), 1<<16)])
		return !about.holdsAny(noteNames()) && !about.holdsAny("translator|übersetzer|traducteur|traductor|tradutor|переводчик|번역|訳者|译者|譯者")
	}
	if strings.Count(tail.text, "\n") == 0 || strings.Count(translation, "\n") <= strings.Count(source, "\n") {
		return false
	}
	last := strings.TrimLeft(tail.text[strings.LastIndexByte(tail.text, '\n')+1:], " (*[_")
	for phrase := range strings.SplitSeq("note:|note that|**note|notes:|hinweis:|anmerkung:|remarque|nota:|примечание|примітка|uwaga:|poznámka|참고:|주:|注:|注：|備考|备注|not:|catatan:|lưu ý|ghi chú|ملاحظة|הערה:|توجه:|หมายเหตุ|ध्यान दें|opmerking|obs:|huom|megjegyzés|σημείωση", "|") {
		if strings.HasPrefix(last, phrase) {
			return true
		}
	}
	return false
}

// noteNames are what translators call their notes.
func noteNames() string {
	return "translator's note|translator’s note|translation note|note from the translator|[tn:|(tn:|anmerkung des übersetzers|anm. d. übers|note du traducteur|n.d.t.|nota del traductor|nota do tradutor|nota del traduttore|" +
		"примечание переводчика|прим. перев|примітка перекладача|przypis tłumacza|poznámka překladatele|역자 주|역주:|옮긴이 주|번역자 주|訳注：|訳注:|訳者注|译者注|译注：|譯者註|譯註|çevirmenin notu|catatan penerjemah|lời người dịch|ملاحظة المترجم"
}
