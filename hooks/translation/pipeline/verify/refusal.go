package verify

// beginning is how much of a translation, in characters, is looked at for the
// model's own words; they come first.
const beginning = 200

// refusal refuses an answer in which the model speaks of its task instead of
// doing it, unless the source speaks of such things itself: a person in a novel
// may well be sorry that she cannot help.
func refusal(source, translation string) string {
	start := newHaystack(firstRunes(translation, beginning))
	if !start.holdsAny(selfPhrases()) && !(start.holdsAny(unablePhrases()) && start.holdsAny(taskPhrases())) {
		return ""
	}
	about := newHaystack(firstRunes(source, 4*beginning))
	if about.holdsAny(taskPhrases()) || about.holdsAny(selfPhrases()) || about.holdsAny(machinePhrases()) {
		return ""
	}
	return "it was a refusal instead of a translation"
}

// selfPhrases are how models speak of themselves, "|" between.
func selfPhrases() string {
	return "as an ai language model|as an ai model|as an ai assistant|as a language model|as a large language model|i am an ai |i'm an ai |i’m an ai |" +
		"als ki-sprachmodell|als sprachmodell|als ki-modell|en tant que modèle de langage|en tant qu'ia|en tant qu’ia|en tant qu'intelligence artificielle|" +
		"como modelo de lenguaje|como modelo de linguagem|como una ia,|como uma ia,|come modello linguistico|come modello di linguaggio|" +
		"как языковая модель|как искусственный интеллект, я|как ии-|як мовна модель|jako model językowy|jako jazykový model|" +
		"ai 언어 모델로서|언어 모델로서|ai로서|aiとして|ai言語モデル|言語モデルとして|作为一个ai|作为ai|作为一个人工智能|作为人工智能|作为一个语言模型|作為ai|作為一個ai|作為人工智慧|作為語言模型|" +
		"bir yapay zeka dil modeli|yapay zeka modeli olarak|sebagai model bahasa|là một mô hình ngôn ngữ|كنموذج لغوي|بصفتي نموذج|ในฐานะโมเดลภาษา|एक एआई भाषा मॉडल|als taalmodel|som en språkmodell|som språkmodell|som sprogmodel|kielimallina|nyelvi modellként"
}

// unablePhrases are how a refusal begins.
func unablePhrases() string {
	return "i can't|i can’t|i cannot|i can not|i'm unable|i’m unable|i am unable|i won't|i won’t|i will not|i'm not able|i’m not able|i am not able|unable to|" +
		"ich kann nicht|kann ich nicht|ich kann diese|ich kann den|ich bin nicht in der lage|je ne peux pas|je ne suis pas en mesure|je ne peux|no puedo|não posso|não consigo|non posso|" +
		"не могу|не можу|nie mogę|nemohu|nemôžem|할 수 없습니다|할 수 없어|드릴 수 없|できません|出来ません|いたしかねます|无法|不能|無法|çeviremem|yapamam|yapamıyorum|tidak dapat|tidak bisa|không thể|" +
		"لا أستطيع|لا يمكنني|נמצא|אינני יכול|איני יכול|לא יכול|نمی\u200cتوانم|ไม่สามารถ|नहीं कर सकता|नहीं सकता|ik kan niet|kan ik niet|jag kan inte|jeg kan ikke|en voi|nem tudok|nem tudom|δεν μπορώ|nu pot"
}

// taskPhrases name what the model was asked for.
func taskPhrases() string {
	return "translat|this request|your request|with that request|this content|the content you|assist with|help with that|guidelines|provide the text|text you provided|provided text|content policy|" +
		"übersetz|diesen inhalt|traduire|traduction|traduc|traduz|tradurre|" +
		"перевести|перевод|переклад|przetłumacz|tłumacz|přelož|překlad|prelož|번역|翻訳|翻译|翻譯|çeviri|çevire|menerjemah|terjemah|bản dịch|dịch văn bản|dịch nội dung|dịch đoạn|ترجم|לתרגם|תרגום|แปลข้อความ|การแปล|แปลเนื้อหา|अनुवाद|vertal|översätt|overset|kääntää|käännö|fordít|μετάφρα|μεταφρά|traduce"
}

// machinePhrases are of sources that speak of such machines.
func machinePhrases() string {
	return " ai |ai,|ai.|language model|chatbot|sprachmodell|modèle de langage|modelo de leng|modelo de ling|modello ling|языков|언어 모델|言語モデル|语言模型|語言模型|人工智能|人工知能|人工智慧|인공지능|artificial intelligence"
}
