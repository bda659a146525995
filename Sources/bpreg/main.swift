print("bpreg")
