"""What `flask members show` says to do about a paper letter, after its state: which command."""

HINTS = {
    "unwritten": " : flask letters make",
    "made": ", sinon dites-le : flask letters posted {batch}",
    "expired": " : refaites-le (flask members reissue, ou flask letters make --expired)",
    "returned": " : demandez l’adresse, importez-la, puis flask letters make",
    "erased": ". Refaites-le au besoin (flask members reissue)",
}
