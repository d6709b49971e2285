package glossary

func lithuanian() grammar {
	return grammar{paradigms: []paradigm{
		{cut: "as", takes: "o ui ą u e ai ų ams us ais uose i"}, {cut: "is", takes: "io iui į iu yje y i iai ių iams ius iais ies iui imi yje ys"},
		{cut: "ys", takes: "io iui į iu yje y iai ių"}, {cut: "us", takes: "aus ui ų umi uje au ūs ums umis uose iaus"},
		{cut: "a", takes: "os ai ą oje ų oms as omis ose"}, {cut: "ė", takes: "ės ei ę e ėje ių ėms es ėmis ėse"},
		{cut: "uo", takes: "ens eniui enį eniu enyje ers eriai"},
		{takes: "as o ui ą u e is io iui a os ai oje us ė ės"},
	}}
}

func latvian() grammar {
	return grammar{paradigms: []paradigm{
		{cut: "s", takes: "a am u ā i us iem os"}, {cut: "is", takes: "a im i ī ja jam ju jā ļa ļam ļu ņa ņam ņu ša šam šu i iem us os"},
		{cut: "š", takes: "a am u ā i"}, {cut: "us", takes: "us um u ū"}, {cut: "a", takes: "as ai u ā ām ās"}, {cut: "e", takes: "es ei i ē ēm ēs"},
		{takes: "s a am u ā is im i ī as ai e es ei ē"},
	}}
}

func georgian() grammar {
	const endings = "ი ის ს მა ად ით ო ში ზე დან თან თვის ები ების ებს ებმა ებში ებით მ სა ც"
	return grammar{paradigms: []paradigm{
		{takes: endings, chain: true}, {cut: "ი", takes: "_ " + endings, chain: true},
		{cut: "ა", takes: endings + " ის ები", chain: true}, {cut: "ე", takes: endings, chain: true},
	}}
}

func armenian() grammar {
	return grammar{paradigms: []paradigm{
		{chain: true, takes: "ը ն ի ին ից ով ում եր ներ երի ների իս իդ ս դ ան ու ուն ութ յի յին յից յով յում"},
		{cut: "ա", takes: "այի այից այով"},
	}}
}

func bengali() grammar {
	return grammar{paradigms: []paradigm{{chain: true, takes: "র এর ের কে তে ে েতে রা েরা দের েদের গুলি গুলো টি টা য় য়ের ই ও ৰ"}}}
}
