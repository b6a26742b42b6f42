# Prints what an interactive zsh makes of the line in $1 when Tab is pressed behind it; the completion script comes on standard input.
zmodload zsh/zpty
script=$(mktemp)
cat > $script
zpty -b shell zsh -f -i
zpty -w shell "PS1=; PS2=; RPS1=; autoload -Uz compinit; compinit -u -D; source $script; rm -f $script"
zpty -w shell 'show() { print -r -- "<""<$BUFFER>>"; BUFFER=; zle accept-line }; zle -N show; bindkey "^Xg" show; print REA""DY'
zpty -r -m shell out '*READY*'
zpty -w -n shell "$1"$'\t\x18g'
zpty -r -m shell out '*<<*>>*'
zpty -d shell
out=${out##*<<}
print -r -- ${out%%>>*}
